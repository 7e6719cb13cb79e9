using Ppma.Api.Tasks;

namespace Ppma.Cli.Running;

/// <summary>One task that manifests ask for. It is resolved only when what it needs has ended, since its weights come from there.</summary>
internal sealed class PlannedTask
{
    /// <summary>Name of the PretrainRun or EvalRun.</summary>
    public required string Run { get; init; }

    /// <summary>Name of the stage; null for an EvalRun.</summary>
    public string? Stage { get; init; }

    /// <summary>EvalRun: which row of the table it is a trial of.</summary>
    public string? Row { get; init; }

    /// <summary>EvalRun: the PretrainRun whose weights it evaluates, if any.</summary>
    public string? PretrainRun { get; init; }

    /// <summary>Tasks that must be done before, all of them earlier in the plan.</summary>
    public required IReadOnlyList<PlannedTask> Needs { get; init; }

    /// <summary>Makes the task, from the ends of <see cref="Needs"/>.</summary>
    public required Func<IReadOnlyDictionary<PlannedTask, TaskEnd>, TaskSpec> Resolve { get; init; }

    /// <summary>For people: <c>run/stage</c>.</summary>
    public string Title => Stage is null ? Run : $"{Run}/{Stage}";
}
