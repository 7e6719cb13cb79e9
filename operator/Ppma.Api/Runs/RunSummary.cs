using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Ppma.Api.Runs;

/// <summary>A run in the columns of <c>kubectl get</c>: its current stage, or its last.</summary>
public sealed record RunSummary
{
    /// <summary>The stage, and which of how many where there are several.</summary>
    [MaxLength(32)]
    public string? Stage { get; init; }

    /// <summary>How far that stage is.</summary>
    [MaxLength(8)]
    public string? Progress { get; init; }

    /// <summary>When that stage will end at its present rate (UTC).</summary>
    [MaxLength(32)]
    public string? Eta { get; init; }

    /// <summary>Its current or last attempt.</summary>
    [Range(0, int.MaxValue)]
    public int? Attempt { get; init; }

    /// <summary>Its loss.</summary>
    public double? Loss { get; init; }

    /// <summary>Restarts of the run, whoever is to blame.</summary>
    [Range(0, int.MaxValue)]
    public int Restarts { get; init; }

    internal static RunSummary Of(RunStatus status)
    {
        var restarts = (status.Restarts?.Application ?? 0) + (status.Restarts?.Infrastructure ?? 0);
        if (status.Stages.Count == 0)
        {
            return new RunSummary { Restarts = restarts };
        }

        var index = status.Stages.TakeWhile(stage => stage.State == StageState.Succeeded).Count();
        index = Math.Min(index, status.Stages.Count - 1);
        var current = status.Stages[index];
        return new RunSummary
        {
            Stage = status.Stages.Count == 1 ? current.Name : string.Create(CultureInfo.InvariantCulture, $"{current.Name} {index + 1}/{status.Stages.Count}"),
            Progress = Percent(current),
            Eta = current is { State: StageState.Running, Progress.Eta: { } eta } ? eta.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : null,
            Attempt = current.Attempt,
            Loss = current.Progress?.Loss is { } loss ? Math.Round(loss, 4) : null,
            Restarts = restarts,
        };
    }

    // Cut, not rounded: 100 % is said of what is done.
    private static string? Percent(StageStatus stage) => stage switch
    {
        { State: StageState.Succeeded } => "100%",
        { Progress: { } progress } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(progress.Percent)}%"),
        _ => null,
    };
}
