using Ppma.Api.Runs;

namespace Ppma.Operator.Pods;

/// <summary>What the operator gives every pod where a run says nothing.</summary>
internal sealed record PodSettings
{
    /// <summary>User that workers run as; a number, since a node cannot tell from a name whether it is root. 1654 is <c>app</c> of .NET's images.</summary>
    public long RunAsUser { get; init; } = 1654;

    /// <summary>Group that workers run as and that may read Secrets and write volumes.</summary>
    public long RunAsGroup { get; init; } = 1654;

    /// <summary>Pods of namespaces that <see cref="Policies"/> does not name.</summary>
    public PodPolicy Policy { get; init; } = PodPolicy.Restricted;

    /// <summary>By namespace.</summary>
    public IDictionary<string, PodPolicy> Policies { get; init; } = new Dictionary<string, PodPolicy>(StringComparer.Ordinal);

    /// <summary>What a verification of a data set gets: it reads an index and little else.</summary>
    public ComputeSettings Verification { get; init; } = new()
    {
        Requests = new Dictionary<string, string> { ["cpu"] = "100m", ["memory"] = "256Mi" },
        Limits = new Dictionary<string, string> { ["memory"] = "1Gi" },
        Threads = 1,
    };

    public PodPolicy PolicyOf(string @namespace) => Policies.TryGetValue(@namespace, out var policy) ? policy : Policy;
}
