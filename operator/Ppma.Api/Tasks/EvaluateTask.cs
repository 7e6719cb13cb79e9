namespace Ppma.Api.Tasks;

/// <summary>One trial: train a head (or everything) on one split, test on another.</summary>
public sealed record EvaluateTask
{
    public required Protocol Protocol { get; init; }

    /// <summary>LinearProbe only.</summary>
    public TrunkMode Trunk { get; init; }

    public required ModelShape Model { get; init; }

    public required ClipShape Clip { get; init; }

    /// <summary>The split that trains.</summary>
    public required DatasetInput Train { get; init; }

    /// <summary>The split that is reported.</summary>
    public required DatasetInput Test { get; init; }

    public required WeightsInput Weights { get; init; }

    public AugmentationSpec Augmentation { get; init; } = new();

    public required OptimizationSpec Optimization { get; init; }

    /// <summary>Bytes of a shuffle block: part of the order's definition, and so of the record.</summary>
    public long ShuffleBlockBytes { get; init; } = 256L << 20;

    /// <summary>
    /// Peak rates to choose from on held-out training clips; empty means <see cref="OptimizationSpec.PeakRate"/> as it stands.
    /// The choice never sees the test split.
    /// </summary>
    public IReadOnlyList<double> RateCandidates { get; init; } = [];

    /// <summary>Share of the training clips held out while choosing.</summary>
    public double HoldoutShare { get; init; } = 0.2;

    /// <summary>
    /// Linear probe only: views of each training clip, drawn once, whose features are kept; the head then learns from
    /// the kept features. 0 draws a fresh view every time a clip is used, as the paper does.
    /// </summary>
    public int TrainViews { get; init; }

    /// <summary>Test views: clips in time, crops in space.</summary>
    public int TestClips { get; init; } = 2;

    public int TestCrops { get; init; } = 3;
}
