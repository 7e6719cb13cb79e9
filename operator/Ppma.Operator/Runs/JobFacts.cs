using System.Globalization;
using k8s.Models;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Runs;

/// <summary>What the state machine reads off a Job itself.</summary>
internal static class JobFacts
{
    public static bool IsFinished(V1Job job) =>
        job.Status?.Conditions?.Any(condition => condition.Type is "Complete" or "Failed" && condition.Status == "True") == true;

    /// <summary>Whether a run of this UID controls an object: then it is this operator's.</summary>
    public static bool IsOwnedBy(V1ObjectMeta metadata, string uid) =>
        metadata.OwnerReferences?.Any(owner => owner.Uid == uid && owner.Controller == true) == true;

    public static string? Stage(V1Job job) => job.Metadata.Labels?.TryGetValue(Labels.Stage, out var stage) == true ? stage : null;

    public static int? Attempt(V1Job job) =>
        job.Metadata.Labels?.TryGetValue(Labels.Attempt, out var text) == true
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) ? attempt : null;
}
