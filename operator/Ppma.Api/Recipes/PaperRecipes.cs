using Ppma.Api.Tasks;

namespace Ppma.Api.Recipes;

/// <summary>The published recipes (Zhong et al. 2023, arXiv 2311.06231, and its released configuration).</summary>
internal static class PaperRecipes
{
    // One MixUp/CutMix draw per rank's batch there: 16 clips in alignment, 8 downstream.
    private static readonly AugmentationSpec Augmentation = new()
    {
        RandAugmentOps = 4,
        RandAugmentMagnitude = 7,
        RandAugmentStd = 0.5,
        RandAugmentProbability = 0.5,
        ErasingProbability = 0.25,
        MixUpAlpha = 0.8,
        CutMixAlpha = 1.0,
        MixGroup = 16,
        LabelSmoothing = 0.1,
    };

    public static StageRecipe Mae { get; } = new()
    {
        Objective = Objective.MaskedAutoencoding,
        Epochs = 200,
        NominalBatchSize = 256,
        MaskRatio = 0.9,
        ReconstructionEveryEpochs = 10,

        // Mixed precision there was fp16 with a scaler; bf16 has float32's range and needs none.
        Precision = Precision.BFloat16,
        Optimization = new()
        {
            Steps = 0, BatchSize = 128, ViewsPerClip = 4,
            Schedule = SchedulePreset.Mae, PeakRate = 1.6e-3, WarmupShare = 0.05,
            Beta1 = 0.9, Beta2 = 0.95, WeightDecay = 0.05,
        },
    };

    public static StageRecipe Align { get; } = new()
    {
        Objective = Objective.ActionClassification,
        Epochs = 50,
        NominalBatchSize = 256,
        Augmentation = Augmentation,
        Optimization = new()
        {
            Steps = 0, BatchSize = 128,
            Schedule = SchedulePreset.Align, PeakRate = 4e-3, WarmupShare = 0.125,
            Beta1 = 0.9, Beta2 = 0.999, WeightDecay = 1e-4, LayerDecay = 0.75, DropPath = 0.1,
        },
    };

    public static EvalRecipe FineTune { get; } = new()
    {
        Protocol = Protocol.FineTune,
        Epochs = 30,
        NominalBatchSize = 64,
        Augmentation = Augmentation with { MixGroup = 8 },
        Optimization = Align.Optimization with { BatchSize = 32 },
    };

    // The published script leaves the trunk trainable; here a linear probe freezes it, in evaluation mode, unless trunk: Published is asked for.
    public static EvalRecipe LinearProbe { get; } = new()
    {
        Protocol = Protocol.LinearProbe,
        Epochs = 30,
        NominalBatchSize = 32,
        Augmentation = FineTune.Augmentation,
        Optimization = FineTune.Optimization with
        {
            Schedule = SchedulePreset.LinearProbe, PeakRate = 16e-3, DropPath = 0,
        },
        PublishedDropPath = 0.1,
    };

    // Scores and head are all that is trained; the published configuration keeps its drop path over the frozen trunks.
    public static EvalRecipe AdaptiveAverage { get; } = new()
    {
        Protocol = Protocol.LinearProbe,
        Epochs = 30,
        NominalBatchSize = 32,
        Augmentation = FineTune.Augmentation,
        Optimization = LinearProbe.Optimization with
        {
            Schedule = SchedulePreset.Adaptive, WarmupShare = 0, DropPath = 0.1,
        },
    };
}
