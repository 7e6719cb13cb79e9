using static TorchSharp.torch;

namespace Ppma.Learning.Models;

/// <summary>The video ViT with linear heads over one trunk: mean over the tokens, norm, linear. Mostly there is one head.</summary>
public sealed class VideoClassifier : VideoModel
{
    private readonly Encoder encoder;
    private readonly Linear[] heads;

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
        : base(options, seed, device)
    {
        if (classes.Count == 0 || classes.Any(count => count < 1))
        {
            throw new ArgumentException(
                $"A classifier needs at least one head, and each at least one class, not [{string.Join(", ", classes)}].", nameof(classes));
        }

        HeadClasses = [.. classes];
        AddTrunk(Initializers.Normal(0.02));
        for (int head = 0; head < classes.Count; head++)
        {
            AddLinear(TrunkNames.ClassHead(head), options.Dim, classes[head], Initializers.Normal(0.01));
        }

        encoder = new Encoder(options, Weight);
        heads = [.. classes.Select((_, head) => Linear.Bind(Weight, TrunkNames.ClassHead(head)))];
    }

    /// <summary>Outputs of the first head, mostly the only one.</summary>
    public int Classes => HeadClasses[0];

    /// <summary>Outputs of each head.</summary>
    public IReadOnlyList<int> HeadClasses { get; }

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

    /// <summary>Normalised video (B, 3, T, H, W) to the logits of one head (B, classes).</summary>
    public Tensor Forward(Tensor video, int head = 0) => Classify(Features(video), head);

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

    /// <summary>A head alone: features (B, D) to logits (B, classes).</summary>
    public Tensor Classify(Tensor features, int head = 0) => heads[head].Apply(features);
}
