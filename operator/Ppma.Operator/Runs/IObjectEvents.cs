using k8s.Models;

namespace Ppma.Operator.Runs;

/// <summary>Events of one object, asked for live: they are many, and wanted seldom.</summary>
internal interface IObjectEvents
{
    /// <returns>What is known: never an error, never more often asked than is good for the API server, so perhaps nothing, or what was known before.</returns>
    Task<IReadOnlyList<Corev1Event>> ListAsync(V1ObjectMeta about, CancellationToken cancellationToken);
}
