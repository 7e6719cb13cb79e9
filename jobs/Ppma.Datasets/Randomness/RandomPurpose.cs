namespace Ppma.Datasets.Randomness;

/// <summary>
/// What a random number is for. Each purpose has its own streams, so a draw added to one never moves another.
/// The numbers are part of every recorded result: never change or reuse one. docs/reference/randomness.md says what
/// epoch, sample and view mean for each.
/// </summary>
public enum RandomPurpose
{
    /// <summary>Order of the shards in a pass.</summary>
    ShardOrder = 1,

    /// <summary>Order of the samples in one shuffle block.</summary>
    SampleOrder = 2,

    /// <summary>Which data set a batch comes from.</summary>
    Mixing = 3,

    /// <summary>Which training clips are held out while a rate is chosen.</summary>
    Holdout = 4,

    /// <summary>Which clip takes the place of a damaged one.</summary>
    Replacement = 5,

    /// <summary>Start of the clip in the video.</summary>
    ClipStart = 16,

    /// <summary>Random resized crop.</summary>
    Crop = 17,

    /// <summary>RandAugment: operations, whether each is applied, magnitudes, signs.</summary>
    RandAugment = 18,

    /// <summary>Random erasing: boxes and noise.</summary>
    Erasing = 19,

    /// <summary>MixUp and CutMix of a batch.</summary>
    Mix = 20,

    /// <summary>Tokens that the masked autoencoder does not see.</summary>
    Mask = 32,

    /// <summary>Initial weights.</summary>
    Initialisation = 33,

    /// <summary>Seed of libtorch's own generators in a step (stochastic depth).</summary>
    Step = 34,

    /// <summary>Tokens that the masked autoencoder does not see when it is measured on a validation set.</summary>
    ValidationMask = 35,

    /// <summary>Content of synthesised videos.</summary>
    Synthesis = 48,
}
