using Ppma.Api.Runs;
using Ppma.Api.Tasks;

namespace Ppma.Operator.Pods;

/// <summary>Which attempt of which task a Job is for.</summary>
internal sealed record JobRequest
{
    /// <summary>The Job's owner.</summary>
    public required RunIdentity Run { get; init; }

    /// <summary>A stage's name, <c>evaluate</c> or <c>verify</c>; the task lies under <c>&lt;stage&gt;.json</c> in <see cref="TaskMap"/>.</summary>
    public required string Stage { get; init; }

    /// <summary>From 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The frozen task: the stores and Secrets that it names are given to the pod.</summary>
    public required TaskSpec Task { get; init; }

    /// <summary>
    /// False while the run waits for what it names, and <see cref="Task"/> is only what is known of it: Secrets and identities that the data
    /// sets and weights to come are read with cannot be told from those that nobody names.
    /// </summary>
    public bool TaskIsKnown { get; init; } = true;

    /// <summary>The ConfigMap that holds the task; null for the one of all of the run's tasks (<see cref="Names.Tasks"/>).</summary>
    public string? TaskMap { get; init; }

    /// <summary>The frozen worker image.</summary>
    public required string Image { get; init; }

    /// <summary>Of a VideoDataset: <see cref="PodSettings.Verification"/>.</summary>
    public required ComputeSettings Compute { get; init; }

    /// <summary>Volumes of the <c>file:</c> URIs in the task.</summary>
    public IReadOnlyList<MountedClaim> Claims { get; init; } = [];

    /// <summary>The owner's labels; those of the queue (<c>kueue.x-k8s.io/…</c>) go on to the Job.</summary>
    public IEnumerable<KeyValuePair<string, string>> OwnerLabels { get; init; } = [];
}
