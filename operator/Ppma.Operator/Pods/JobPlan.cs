using k8s.Models;

namespace Ppma.Operator.Pods;

/// <summary>A Job as it is to be created, and what was wrong in making it.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Job">With overrides merged in; without them where they cannot be read.</param>
/// <param name="Built">The pod before overrides: what the operator itself asks for.</param>
/// <param name="Problems">Each <c>field: cause and fix</c>; empty when the rules may look at it.</param>
internal sealed record JobPlan(JobRequest Request, V1Job Job, V1PodTemplateSpec Built, IReadOnlyList<string> Problems)
{
    public V1PodTemplateSpec Template => Job.Spec.Template;

    /// <summary>
    /// The service account whose <see cref="Labels.AllowRuns"/> annotation decides; null when the pod acts as nobody: it names none and has
    /// no token of the one it gets.
    /// </summary>
    public string? ServiceAccountToAsk =>
        Template.Spec.ServiceAccountName is { Length: > 0 } named ? named
        : Template.Metadata.Labels.ContainsKey(Labels.WorkloadIdentity) ? "default"
        : null;

    /// <summary>Secrets that the spec's own fields name: credentials of the task's stores, and for pulling the image.</summary>
    public IReadOnlySet<string> NamedSecrets { get; } = new HashSet<string>(
        [.. MountedSecret.Of(Request.Task).Select(secret => secret.Name), .. Request.Compute.PullSecrets.Select(secret => secret.Name)], StringComparer.Ordinal);

    /// <summary>A pod made from the Job's template, to ask the API server whether it would take it (<c>dryRun=All</c>).</summary>
    public V1Pod Pod() => new()
    {
        ApiVersion = V1Pod.KubeApiVersion,
        Kind = V1Pod.KubeKind,
        Metadata = new()
        {
            GenerateName = $"{Job.Metadata.Name}-",
            NamespaceProperty = Job.Metadata.NamespaceProperty,
            Labels = Template.Metadata.Labels,
            Annotations = Template.Metadata.Annotations,
        },
        Spec = Template.Spec,
    };
}
