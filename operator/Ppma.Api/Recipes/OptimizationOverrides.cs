using System.ComponentModel.DataAnnotations;
using Ppma.Api.Tasks;

namespace Ppma.Api.Recipes;

/// <summary>AdamW and its schedule, where they differ from the preset.</summary>
public sealed record OptimizationOverrides
{
    /// <summary>The learning-rate curve.</summary>
    public SchedulePreset? Schedule { get; init; }

    /// <summary>Highest learning rate, before it is divided by <see cref="RateScale"/>.</summary>
    [Range(1e-12, 1000)]
    public double? PeakRate { get; init; }

    /// <summary>What the rate is divided by: nominal batch / batch. Left out, as the preset defines it for the batch size.</summary>
    [Range(1e-6, 1e6)]
    public double? RateScale { get; init; }

    /// <summary>Share of the steps spent warming up.</summary>
    [Range(0.0, 0.999)]
    public double? WarmupShare { get; init; }

    /// <summary>Decay of AdamW's mean of the gradients.</summary>
    [Range(0.0, 0.999999)]
    public double? Beta1 { get; init; }

    /// <summary>Decay of AdamW's mean of their squares.</summary>
    [Range(0.0, 0.999999)]
    public double? Beta2 { get; init; }

    /// <summary>AdamW's smallest divisor.</summary>
    [Range(1e-16, 1)]
    public double? Epsilon { get; init; }

    /// <summary>AdamW's decoupled weight decay.</summary>
    [Range(0.0, 100)]
    public double? WeightDecay { get; init; }

    /// <summary>Factor a layer on the rate; 1 turns layer decay off.</summary>
    [Range(0.001, 1)]
    public double? LayerDecay { get; init; }

    /// <summary>Highest probability that a block is passed over; rises with the depth.</summary>
    [Range(0.0, 0.999)]
    public double? DropPath { get; init; }

    /// <summary>Largest gradient norm; 0 turns clipping off.</summary>
    [Range(0.0, 1e9)]
    public double? ClipNorm { get; init; }

    /// <summary>Parts that a batch is cut into, one after the other, to save memory; divides the clips of a batch.</summary>
    [Range(1, 65_536)]
    public int? AccumulationSteps { get; init; }

    /// <summary>Decay of the moving average of the weights, which is then what is handed on; 0 keeps none.</summary>
    [Range(0.0, 0.999999)]
    public double? EmaDecay { get; init; }

    /// <summary>Compute the blocks' activations again in the backward pass instead of keeping them: less memory, more time.</summary>
    public bool? RecomputeActivations { get; init; }

    /// <summary>Updates in a row that may be skipped because a loss or gradient is no finite number.</summary>
    [Range(0, 1_000_000)]
    public int? MostSkippedInARow { get; init; }

    internal static OptimizationSpec Apply(OptimizationOverrides? overrides, OptimizationSpec preset) => overrides is null ? preset : preset with
    {
        Schedule = overrides.Schedule ?? preset.Schedule,
        PeakRate = overrides.PeakRate ?? preset.PeakRate,
        RateScale = overrides.RateScale ?? preset.RateScale,
        WarmupShare = overrides.WarmupShare ?? preset.WarmupShare,
        Beta1 = overrides.Beta1 ?? preset.Beta1,
        Beta2 = overrides.Beta2 ?? preset.Beta2,
        Epsilon = overrides.Epsilon ?? preset.Epsilon,
        WeightDecay = overrides.WeightDecay ?? preset.WeightDecay,
        LayerDecay = overrides.LayerDecay ?? preset.LayerDecay,
        DropPath = overrides.DropPath ?? preset.DropPath,
        ClipNorm = overrides.ClipNorm ?? preset.ClipNorm,
        AccumulationSteps = overrides.AccumulationSteps ?? preset.AccumulationSteps,
        EmaDecay = overrides.EmaDecay ?? preset.EmaDecay,
        RecomputeActivations = overrides.RecomputeActivations ?? preset.RecomputeActivations,
        MostSkippedInARow = overrides.MostSkippedInARow ?? preset.MostSkippedInARow,
    };
}
