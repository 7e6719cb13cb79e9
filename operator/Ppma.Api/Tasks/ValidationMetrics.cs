using Ppma.Api.Runs;

namespace Ppma.Api.Tasks;

/// <summary>What is measured on a stage's validation set.</summary>
public static class ValidationMetrics
{
    public const string Loss = "loss";
    public const string Top1 = "top1";
    public const string Top5 = "top5";
    public const string MeanClassAccuracy = "meanClassAccuracy";

    /// <summary>All names; ActionClassification measures each of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Loss, Top1, Top5, MeanClassAccuracy];

    /// <summary>Whether a stage of this objective measures it.</summary>
    public static bool IsMeasured(string metric, Objective objective) =>
        objective == Objective.MaskedAutoencoding ? metric == Loss : All.Contains(metric);

    /// <summary>Which end is better.</summary>
    public static BestMode BetterEnd(string metric) => metric == Loss ? BestMode.Min : BestMode.Max;
}
