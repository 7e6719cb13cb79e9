namespace Ppma.Api.Tasks;

/// <summary>One stage of a PretrainRun.</summary>
public sealed record PretrainStageTask
{
    public required string Name { get; init; }

    /// <summary>Position in the run, from 0.</summary>
    public required int Index { get; init; }

    public required Objective Objective { get; init; }

    public required ModelShape Model { get; init; }

    public required ClipShape Clip { get; init; }

    /// <summary>Share of the tokens that is masked; MAE only.</summary>
    public double MaskRatio { get; init; } = 0.9;

    public required IReadOnlyList<DatasetInput> Datasets { get; init; }

    public LabelSpace LabelSpace { get; init; } = LabelSpace.ByName;

    public AugmentationSpec Augmentation { get; init; } = new();

    public required OptimizationSpec Optimization { get; init; }

    /// <summary>Bytes of a shuffle block: part of the order's definition, and so of the record.</summary>
    public long ShuffleBlockBytes { get; init; } = 256L << 20;

    public required WeightsInput Weights { get; init; }

    /// <summary>Null where nothing is measured while training.</summary>
    public ValidationSpec? Validation { get; init; }

    /// <summary>MaskedAutoencoding: steps between two drawings of reconstructions; 0 draws at the end only.</summary>
    public int ReconstructionEverySteps { get; init; }

    /// <summary>Where another, ended run of equal inputs left the checkpoints of this stage: it goes on from the newest.</summary>
    public ResumeInput? Resume { get; init; }

    /// <summary>Whether footage of real people may be read; false stops the worker with exit code 66 if any is.</summary>
    public bool AllowRealHumans { get; init; }
}
