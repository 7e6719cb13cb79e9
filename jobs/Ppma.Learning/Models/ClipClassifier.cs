using static TorchSharp.torch;

namespace Ppma.Learning.Models;

/// <summary>A trunk with linear heads: gives each clip a score a class. Mostly there is one head.</summary>
public abstract class ClipClassifier : VideoModel
{
    private Linear[] heads = [];

    /// <exception cref="ArgumentException"><paramref name="options"/> or <paramref name="classes"/> has problems; all are named.</exception>
    private protected ClipClassifier(VisionTransformerOptions options, IReadOnlyList<int> classes, long seed, Device? device)
        : base(options, seed, device)
    {
        if (classes.Count == 0 || classes.Any(count => count < 1))
        {
            throw new ArgumentException(
                $"A classifier needs at least one head, and each at least one class, not [{string.Join(", ", classes)}].", nameof(classes));
        }

        HeadClasses = [.. classes];
    }

    /// <summary>Outputs of the first head, mostly the only one.</summary>
    public int Classes => HeadClasses[0];

    /// <summary>Outputs of each head.</summary>
    public IReadOnlyList<int> HeadClasses { get; }

    /// <summary>Normalised video (B, 3, T, H, W) to the logits of one head (B, classes).</summary>
    public Tensor Forward(Tensor video, int head = 0) => Classify(Features(video), head);

    /// <summary>What the heads see: normalised video (B, 3, T, H, W) to (B, D).</summary>
    public abstract Tensor Features(Tensor video);

    /// <summary>A head alone: features (B, D) to logits (B, classes).</summary>
    public Tensor Classify(Tensor features, int head = 0) => heads[head].Apply(features);

    /// <summary>Adds the heads behind what the model has by now.</summary>
    private protected void AddHeads()
    {
        for (int head = 0; head < HeadClasses.Count; head++)
        {
            AddLinear(TrunkNames.ClassHead(head), Options.Dim, HeadClasses[head], Initializers.Normal(0.01));
        }

        heads = [.. HeadClasses.Select((_, head) => Linear.Bind(Weight, TrunkNames.ClassHead(head)))];
    }
}
