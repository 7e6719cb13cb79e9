using Ppma.Api.Tasks;
using Ppma.Learning.Models;
using Ppma.Learning.Optimization;
using Ppma.Learning.Precision;
using Ppma.Video.Augmentation;
using Ppma.Video.Loading;

namespace Ppma.Worker.Tasks;

/// <summary>What the task file says, in the words of the libraries that compute it.</summary>
internal static class TaskMapping
{
    public static VisionTransformerOptions ToOptions(this ModelShape model, double dropPath = 0) => new()
    {
        Frames = model.Frames,
        Size = model.Size,
        Patch = new PatchSize(model.Patch[0], model.Patch[1], model.Patch[2]),
        Dim = model.Dim,
        Depth = model.Depth,
        Heads = model.Heads,
        DropPath = dropPath,
        DecoderDim = model.DecoderDim,
        DecoderDepth = model.DecoderDepth,
        DecoderHeads = model.DecoderHeads,
    };

    /// <summary>How training clips are cut and augmented.</summary>
    public static ClipCut ToTrainingCut(this ClipShape clip, ModelShape model, AugmentationSpec augmentation)
    {
        ClipCut cut = Cut(clip, model, clip.ShortSide);
        return cut with
        {
            Views = cut.Views with
            {
                CropScale = (clip.CropScaleMin, clip.CropScaleMax),
                CropRatio = (clip.CropRatioMin, clip.CropRatioMax),
                RandAugment = augmentation.RandAugmentOps == 0 ? null : new RandAugment
                {
                    Operations = augmentation.RandAugmentOps,
                    Magnitude = augmentation.RandAugmentMagnitude,
                    MagnitudeDeviation = augmentation.RandAugmentStd,
                    Probability = augmentation.RandAugmentProbability,
                },
                Erasing = augmentation.ErasingProbability == 0 ? null : new RandomErasing { Probability = augmentation.ErasingProbability },
            },
        };
    }

    /// <summary>How test clips are cut: the short side is the view's size, unless the stored size is kept.</summary>
    public static ClipCut ToTestCut(this ClipShape clip, ModelShape model) => Cut(clip, model, clip.ShortSide == 0 ? 0 : model.Size);

    public static BatchMixing ToMixing(this AugmentationSpec augmentation) =>
        new() { MixUpAlpha = augmentation.MixUpAlpha, CutMixAlpha = augmentation.CutMixAlpha };

    public static RateSchedule ToSchedule(this OptimizationSpec optimization) => optimization.Schedule switch
    {
        SchedulePreset.Mae => RateSchedule.Mae(optimization.PeakRate, optimization.RateScale, optimization.WarmupShare),
        SchedulePreset.Align => RateSchedule.Align(optimization.PeakRate, optimization.RateScale, optimization.WarmupShare),
        SchedulePreset.LinearProbe => RateSchedule.LinearProbe(optimization.PeakRate, optimization.RateScale, optimization.WarmupShare),
        SchedulePreset.Adaptive => RateSchedule.AdaptiveHead(optimization.PeakRate, optimization.RateScale),
        _ => throw new ArgumentOutOfRangeException(nameof(optimization), optimization.Schedule, "No such schedule."),
    };

    /// <summary>The schedule that an adaptive average's scores have of their own; null in every other recipe.</summary>
    public static RateSchedule? ToScoreSchedule(this OptimizationSpec optimization) => optimization.Schedule == SchedulePreset.Adaptive
        ? RateSchedule.AdaptiveScores(optimization.PeakRate, optimization.RateScale)
        : null;

    public static AdamWOptions ToAdamW(this OptimizationSpec optimization) =>
        new() { Beta1 = optimization.Beta1, Beta2 = optimization.Beta2, Epsilon = optimization.Epsilon };

    public static ComputePrecision ToCompute(this Precision precision) => precision switch
    {
        Precision.BFloat16 => ComputePrecision.BFloat16,
        Precision.Float16 => ComputePrecision.Float16,
        _ => ComputePrecision.Float32,
    };

    private static ClipCut Cut(ClipShape clip, ModelShape model, int shortSide) => new()
    {
        Frames = model.Frames,
        ClipSeconds = clip.ClipSeconds,
        DecodeShortSide = clip.PixelPath == PixelPath.Fast ? shortSide : 0,
        Views = new ViewSettings { Size = model.Size, ShortSide = clip.PixelPath == PixelPath.Reference ? shortSide : 0 },
    };
}
