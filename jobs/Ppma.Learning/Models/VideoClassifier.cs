using static TorchSharp.torch;

namespace Ppma.Learning.Models;

/// <summary>The video ViT with linear heads over one trunk: mean over the tokens, norm, linear.</summary>
public sealed class VideoClassifier : ClipClassifier
{
    private readonly Encoder encoder;

    /// <exception cref="ArgumentException"><paramref name="options"/> or <paramref name="classes"/> has problems; all are named.</exception>
    public VideoClassifier(VisionTransformerOptions options, int classes, long seed, Device? device = null)
        : this(options, [classes], seed, device)
    {
    }

    /// <param name="options">Shape of the trunk.</param>
    /// <param name="classes">Outputs of each head: head n is <c>heads.n.0</c> in checkpoints.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    /// <param name="device">Where it computes; null for the CPU.</param>
    /// <exception cref="ArgumentException"><paramref name="options"/> or <paramref name="classes"/> has problems; all are named.</exception>
    public VideoClassifier(VisionTransformerOptions options, IReadOnlyList<int> classes, long seed, Device? device = null)
        : base(options, classes, seed, device)
    {
        AddTrunk(Initializers.Normal(0.02));
        AddHeads();
        encoder = new Encoder(options, Weight);
    }

    /// <summary>True for a linear probe: the trunk runs without gradient and without stochastic depth, only the head learns.</summary>
    public bool TrunkFrozen { get; private set; }

    /// <summary>Freezes the trunk for good.</summary>
    public void FreezeTrunk()
    {
        TrunkFrozen = true;
        foreach (var (name, parameter) in Parameters)
        {
            parameter.requires_grad = !name.StartsWith(TrunkNames.Prefix, StringComparison.Ordinal);
        }
    }

    /// <inheritdoc/>
    public override Tensor Features(Tensor video)
    {
        if (!TrunkFrozen)
        {
            return encoder.Features(video, Training, RecomputesBlocks);
        }

        using var noGradient = no_grad();
        return encoder.Features(video, training: false);
    }
}
