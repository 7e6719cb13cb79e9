namespace Ppma.Api.Evaluation;

/// <summary>What a trial measured on its test split; shares in 0..1.</summary>
public sealed record EvalResult
{
    public double Top1 { get; init; }

    public double Top5 { get; init; }

    public double MeanClassAccuracy { get; init; }

    public long Samples { get; init; }

    /// <summary>Where the curves are.</summary>
    public string? CurvesUri { get; init; }
}
