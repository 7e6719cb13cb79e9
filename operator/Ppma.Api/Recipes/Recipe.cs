using Ppma.Api.Tasks;

namespace Ppma.Api.Recipes;

/// <summary>What stage and evaluation presets have in common: every number that the manifest may override.</summary>
public abstract record Recipe
{
    /// <summary>Length of the training; exactly one of <see cref="Epochs"/> and <see cref="Steps"/> is set.</summary>
    public double? Epochs { get; init; }

    public int? Steps { get; init; }

    /// <summary>Rates are divided by s = nominal batch / batch; null leaves them as they are (s = 1).</summary>
    public int? NominalBatchSize { get; init; }

    public ClipShape Clip { get; init; } = new();

    public AugmentationSpec Augmentation { get; init; } = new();

    /// <summary>Steps and rate scale are filled in by resolution.</summary>
    public required OptimizationSpec Optimization { get; init; }

    /// <summary>Float32 also means no TF32 on a GPU.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    public long ShuffleBlockBytes { get; init; } = 256L << 20;
}
