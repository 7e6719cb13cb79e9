using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Evaluation;

/// <summary>What a trial measured on its test split; shares in 0..1.</summary>
public sealed record EvalResult
{
    /// <summary>Share of the clips whose class came first.</summary>
    [Range(0.0, 1)]
    public double Top1 { get; init; }

    /// <summary>Share of the clips whose class was among the first five.</summary>
    [Range(0.0, 1)]
    public double Top5 { get; init; }

    /// <summary>Mean over the classes of each class's own top-1 share.</summary>
    [Range(0.0, 1)]
    public double MeanClassAccuracy { get; init; }

    /// <summary>Clips tested.</summary>
    [Range(0, long.MaxValue)]
    public long Samples { get; init; }

    /// <summary>Where the curves are.</summary>
    [MaxLength(1280)]
    public string? CurvesUri { get; init; }
}
