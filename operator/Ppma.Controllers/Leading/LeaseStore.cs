using System.Runtime.CompilerServices;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Leading;

/// <summary>The Lease on the API server. A role needs <c>create</c>, and <c>get</c>, <c>update</c>, <c>watch</c> of this one name.</summary>
public sealed class LeaseStore : ILeaseStore
{
    /// <summary>Longer than anybody here watches.</summary>
    private static readonly TimeSpan LongestWatch = TimeSpan.FromMinutes(5);

    private readonly ResourceClient<V1Lease> _client;
    private readonly ListWatch<V1Lease> _watch;
    private readonly ObjectKey _key;

    public LeaseStore(ApiTransport transport, LeaseOptions options, ILogger<ApiTransport> logger)
    {
        _key = new ObjectKey(options.Namespace, options.Name);
        _client = new ResourceClient<V1Lease>(transport.WithoutLimit(options.RenewDeadline), leadership: null, logger);
        _watch = _client.Select(new ResourceSelection { Namespace = options.Namespace, FieldSelector = $"metadata.name={options.Name}" });
    }

    public Task<V1Lease?> ReadAsync(CancellationToken cancellationToken) => _client.ReadAsync(_key, cancellationToken);

    public Task<V1Lease> CreateAsync(V1Lease lease, CancellationToken cancellationToken) => _client.CreateAsync(lease, cancellationToken);

    public Task<V1Lease> UpdateAsync(V1Lease lease, CancellationToken cancellationToken) => _client.ReplaceAsync(lease, cancellationToken);

    public async IAsyncEnumerable<V1Lease?> WatchAsync(string? resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (WatchEvent<V1Lease> happened in _watch.WatchAsync(resourceVersion ?? "", LongestWatch, cancellationToken))
        {
            if (happened.Kind != WatchEventKind.Bookmark)
            {
                yield return happened.Kind == WatchEventKind.Deleted ? null : happened.Object;
            }
        }
    }
}
