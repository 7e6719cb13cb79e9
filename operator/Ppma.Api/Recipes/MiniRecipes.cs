using Ppma.Api.Tasks;

namespace Ppma.Api.Recipes;

/// <summary>The recipes of examples/quickstart: the paper's structure, small enough for two CPU cores and five minutes.</summary>
internal static class MiniRecipes
{
    // Stored videos are already at the model's size.
    private static readonly ClipShape Clip = new()
    {
        ClipSeconds = 0.8, ShortSide = 0, PixelPath = PixelPath.Reference, CropScaleMin = 0.5, CropScaleMax = 1.0,
    };

    public static StageRecipe Mae { get; } = new()
    {
        Objective = Objective.MaskedAutoencoding,
        Steps = 400,
        MaskRatio = 0.75,
        Clip = Clip,
        ShuffleBlockBytes = 4L << 20,
        Optimization = new()
        {
            Steps = 0, BatchSize = 64, ViewsPerClip = 4,
            Schedule = SchedulePreset.Mae, PeakRate = 2e-3, WarmupShare = 0.1,
            Beta1 = 0.9, Beta2 = 0.95, WeightDecay = 0.05,
        },
    };

    public static StageRecipe Align { get; } = new()
    {
        Objective = Objective.ActionClassification,
        Steps = 160,
        Clip = Clip,
        ShuffleBlockBytes = 4L << 20,
        Augmentation = new() { LabelSmoothing = 0.1 },
        Optimization = new()
        {
            Steps = 0, BatchSize = 64,
            Schedule = SchedulePreset.Align, PeakRate = 1e-3, WarmupShare = 0.1,
            Beta1 = 0.9, Beta2 = 0.999, WeightDecay = 0.05,
        },
    };

    public static EvalRecipe LinearProbe { get; } = new()
    {
        Protocol = Protocol.LinearProbe,
        Steps = 500,
        Clip = Clip,
        ShuffleBlockBytes = 4L << 20,
        TrainViews = 1,
        RateCandidates = [1e-3, 3e-3, 1e-2, 3e-2, 1e-1],
        HoldoutShare = 0.2,
        TestClips = 1,
        TestCrops = 1,
        Optimization = new()
        {
            Steps = 0, BatchSize = 64,
            Schedule = SchedulePreset.LinearProbe, PeakRate = 1e-2, WarmupShare = 0.1,
            Beta1 = 0.9, Beta2 = 0.999, WeightDecay = 1e-4,
        },
    };
}
