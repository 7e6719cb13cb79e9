using System.Runtime.CompilerServices;
using k8s.Models;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Tests.Leading;

/// <summary>One process's way to the Lease, through a network that takes time and loses requests and answers.</summary>
internal sealed class VirtualLeaseStore(VirtualWorld world, VirtualProcess process, VirtualLease lease, VirtualNetwork network) : ILeaseStore
{
    /// <summary>What every request fails with at this time, if anything.</summary>
    public Func<Exception?> Failure { get; set; } = () => null;

    public bool HeedsCancellation { get; set; } = true;

    public Task<V1Lease?> ReadAsync(CancellationToken cancellationToken) => CallAsync(() => lease.Current, cancellationToken);

    public Task<V1Lease> CreateAsync(V1Lease created, CancellationToken cancellationToken) => CallAsync(() => lease.Create(created), cancellationToken);

    public Task<V1Lease> UpdateAsync(V1Lease updated, CancellationToken cancellationToken) => CallAsync(() => lease.Update(updated), cancellationToken);

    public async IAsyncEnumerable<V1Lease?> WatchAsync(string? resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var arrived = new Queue<V1Lease?>();
        var news = new TaskCompletionSource();
        using CancellationTokenRegistration ended = cancellationToken.Register(() => news.TrySetCanceled(cancellationToken));
        using IDisposable watch = lease.Watch(state =>
        {
            if (network.Fate() == PacketFate.Arrives)
            {
                world.In(network.Latency(), () => process.Run(() =>
                {
                    arrived.Enqueue(state);
                    news.TrySetResult();
                }));
            }
        });
        while (true)
        {
            await news.Task;
            news = new TaskCompletionSource();
            cancellationToken.ThrowIfCancellationRequested();
            while (arrived.TryDequeue(out V1Lease? state))
            {
                yield return state;
            }
        }
    }

    private Task<T> CallAsync<T>(Func<T> onServer, CancellationToken cancellationToken)
    {
        if (Failure() is { } failure)
        {
            return Task.FromException<T>(failure);
        }

        var answer = new TaskCompletionSource<T>();
        if (HeedsCancellation)
        {
            cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
        }

        Send(() =>
        {
            try
            {
                T result = onServer();
                Send(() => process.Run(() => answer.TrySetResult(result)), Fail);
            }
            catch (ApiException e)
            {
                Send(() => process.Run(() => answer.TrySetException(e)), Fail);
            }
        }, Fail);
        return answer.Task;

        void Fail() => process.Run(() => answer.TrySetException(new HttpRequestException("connection reset")));
    }

    private void Send(Action arrives, Action breaks)
    {
        PacketFate fate = network.Fate();
        if (fate != PacketFate.Vanishes)
        {
            world.In(network.Latency(), fate == PacketFate.Arrives ? arrives : breaks);
        }
    }
}
