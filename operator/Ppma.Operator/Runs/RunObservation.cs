using k8s.Models;
using Ppma.Operator.Attempts;
using Ppma.Operator.Progress;

namespace Ppma.Operator.Runs;

/// <summary>Everything that a decision on a run is made from: plain data, so that it can be made again and again.</summary>
internal sealed record RunObservation
{
    public required RunView Run { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether the run may be frozen; null once it is.</summary>
    public Admission? Admission { get; init; }

    /// <summary>The frozen tasks, where they are in hand.</summary>
    public FrozenTasks? Tasks { get; init; }

    /// <summary>The API server was asked for the frozen tasks and has none, or none that can be read.</summary>
    public string? TasksGone { get; init; }

    /// <summary>The Jobs that the run owns.</summary>
    public IReadOnlyList<V1Job> Jobs { get; init; } = [];

    /// <summary>The current stage's current attempt and the one after it, as far as there is anything of them.</summary>
    public IReadOnlyList<ObservedAttempt> Attempts { get; init; } = [];

    /// <summary>What the current attempt's worker last said.</summary>
    public ProgressSnapshot? Progress { get; init; }

    /// <summary>What was refused in this reconciliation.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Whether this generation's Job and pod were shown to the API server without creating them.</summary>
    public bool Probed { get; init; }

    public ObservedAttempt? Attempt(string stage, int number) => Attempts.FirstOrDefault(attempt => attempt.Stage == stage && attempt.Number == number);

    /// <summary>The observation after a Job was created, or found to be there with its pods.</summary>
    public RunObservation With(string stage, int number, V1Job job, IReadOnlyList<V1Pod> pods) => this with
    {
        Jobs = [.. Jobs.Where(other => other.Metadata.Uid != job.Metadata.Uid), job],
        Attempts = [.. Attempts.Where(other => (other.Stage, other.Number) != (stage, number)), new(stage, number, job, AttemptView.Of(job, pods, [], Now.UtcDateTime))],
    };
}
