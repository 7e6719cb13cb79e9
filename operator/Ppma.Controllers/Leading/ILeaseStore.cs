using k8s.Models;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Leading;

/// <summary>One Lease (coordination.k8s.io/v1) on the API server. Its requests wait for no rate limit and ask nobody whether this process leads.</summary>
public interface ILeaseStore
{
    /// <summary>The Lease as it is now; null when there is none.</summary>
    Task<V1Lease?> ReadAsync(CancellationToken cancellationToken);

    /// <exception cref="ApiException"><see cref="ApiException.AlreadyExists"/> when somebody else was first.</exception>
    Task<V1Lease> CreateAsync(V1Lease lease, CancellationToken cancellationToken);

    /// <summary>Replaces the Lease on condition of the resourceVersion it carries.</summary>
    /// <exception cref="ApiException"><see cref="ApiException.Conflict"/> when it changed, <see cref="ApiException.NotFound"/> when it is gone.</exception>
    Task<V1Lease> UpdateAsync(V1Lease lease, CancellationToken cancellationToken);

    /// <summary>Every later state of the Lease, null when it is deleted, until the server ends the answer.</summary>
    /// <param name="resourceVersion">After which version; null for whatever comes.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    IAsyncEnumerable<V1Lease?> WatchAsync(string? resourceVersion, CancellationToken cancellationToken);
}
