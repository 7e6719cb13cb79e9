using System.Globalization;
using k8s.Models;
using Ppma.Api;
using Ppma.Api.Tasks;

namespace Ppma.Operator.Pods;

/// <summary>Labels and annotations on what the operator makes: ConfigMaps, Jobs and pods.</summary>
internal static class Labels
{
    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string ManagedByOperator = "ppma-operator";

    /// <summary>Kind of the owner.</summary>
    public const string Kind = $"{ApiGroup.Group}/kind";

    /// <summary>UID of the owner.</summary>
    public const string Uid = $"{ApiGroup.Group}/uid";

    public const string Stage = $"{ApiGroup.Group}/stage";

    /// <summary>From 1.</summary>
    public const string Attempt = $"{ApiGroup.Group}/attempt";

    /// <summary>Annotation: the owner's whole name.</summary>
    public const string Name = $"{ApiGroup.Group}/name";

    /// <summary>Annotation of a verification's Job: the generation of the data set's spec that it verifies.</summary>
    public const string Generation = $"{ApiGroup.Group}/generation";

    /// <summary>Annotation of a VideoDataset: another value than the last asks for a verification. On a Job: the value that it answers.</summary>
    public const string RequestedAt = $"{ApiGroup.Group}/requestedAt";

    /// <summary>Annotation of a run or a VideoDataset: <c>"true"</c> makes the operator leave it alone.</summary>
    public const string Paused = $"{ApiGroup.Group}/paused";

    /// <summary>Annotation of a service account: <c>"true"</c> lets runs use it.</summary>
    public const string AllowRuns = $"{ApiGroup.Group}/allow-runs";

    /// <summary>Label of a Job that waits in a queue of Kueue.</summary>
    public const string Queue = $"{QueuePrefix}queue-name";

    public const string QueuePrefix = "kueue.x-k8s.io/";

    /// <summary>Label of a pod that Azure's webhook gives its service account's identity.</summary>
    public const string WorkloadIdentity = "azure.workload.identity/use";

    /// <summary>Selects what the operator made.</summary>
    public const string Selector = $"{ManagedBy}={ManagedByOperator}";

    /// <summary>Of everything that belongs to a run.</summary>
    public static Dictionary<string, string> Of(RunIdentity run) => new(StringComparer.Ordinal)
    {
        [ManagedBy] = ManagedByOperator,
        [Kind] = run.Kind,
        [Uid] = run.Uid,
    };

    /// <summary>Of an attempt's Job and pod.</summary>
    public static Dictionary<string, string> Of(RunIdentity run, string stage, int attempt) => new(Of(run), StringComparer.Ordinal)
    {
        [Stage] = stage,
        [Attempt] = attempt.ToString(CultureInfo.InvariantCulture),
    };

    public static Dictionary<string, string> Annotations(RunIdentity run) => new(StringComparer.Ordinal) { [Name] = run.Name };

    public static bool IsPaused(V1ObjectMeta metadata) => metadata.Annotations?.TryGetValue(Paused, out var paused) == true && paused == "true";

    /// <summary>Makes the run the controller of an object, which goes when it goes.</summary>
    public static V1OwnerReference Owner(RunIdentity run) => new()
    {
        ApiVersion = ApiGroup.ApiVersion,
        Kind = run.Kind,
        Name = run.Name,
        Uid = run.Uid,
        Controller = true,
        BlockOwnerDeletion = true,
    };
}
