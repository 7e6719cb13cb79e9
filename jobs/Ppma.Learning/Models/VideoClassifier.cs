using static TorchSharp.torch;

namespace Ppma.Learning.Models;

/// <summary>The video ViT with a linear head: mean over the tokens, norm, linear.</summary>
public sealed class VideoClassifier : VideoModel
{
    private readonly Encoder encoder;
    private readonly Linear head;

    /// <exception cref="ArgumentException"><paramref name="options"/> or <paramref name="classes"/> has problems; all are named.</exception>
    public VideoClassifier(VisionTransformerOptions options, int classes, long seed, Device? device = null)
        : base(options, seed, device)
    {
        if (classes < 1)
        {
            throw new ArgumentException($"A classifier needs at least one class, not {classes}.", nameof(classes));
        }

        Classes = classes;
        AddTrunk(Initializers.Normal(0.02));
        AddLinear(TrunkNames.ClassHead, options.Dim, classes, Initializers.Normal(0.01));
        encoder = new Encoder(options, Weight);
        head = Linear.Bind(Weight, TrunkNames.ClassHead);
    }

    public int Classes { get; }

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

    /// <summary>Normalised video (B, 3, T, H, W) to logits (B, classes).</summary>
    public Tensor Forward(Tensor video) => Classify(Features(video));

    /// <summary>What the head sees: normalised video (B, 3, T, H, W) to (B, D).</summary>
    public Tensor Features(Tensor video)
    {
        if (!TrunkFrozen)
        {
            return encoder.Features(video, Training);
        }

        using var noGradient = no_grad();
        return encoder.Features(video, training: false);
    }

    /// <summary>The head alone: features (B, D) to logits (B, classes).</summary>
    public Tensor Classify(Tensor features) => head.Apply(features);
}
