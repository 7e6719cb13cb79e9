using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ppma.Controllers.Caching;

namespace Ppma.Operator.Progress;

/// <summary>Asks all running workers how far they are, again and again.</summary>
internal sealed partial class ProgressPuller(
    IResourceCache<V1Pod> pods,
    ProgressClient client,
    ProgressBook book,
    IProgressListener listener,
    ProgressMetrics metrics,
    IOptions<ProgressOptions> options,
    TimeProvider time,
    ILogger<ProgressPuller> logger)
{
    /// <summary>Goes on until it is cancelled, which is no exception.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.IntervalSeconds), time);
        try
        {
            do
            {
                await PullAsync(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    /// <summary>Asks every worker once.</summary>
    internal async Task PullAsync(CancellationToken cancellationToken)
    {
        var targets = pods.All.Select(ProgressTarget.Of).OfType<ProgressTarget>().DistinctBy(target => target.Attempt).ToList();
        book.Keep(targets.Select(target => target.Attempt).ToHashSet());
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(targets, parallel, AskAsync);
    }

    private async ValueTask AskAsync(ProgressTarget target, CancellationToken cancellationToken)
    {
        var reply = await client.AskAsync(target.Uri, cancellationToken);
        metrics.Replies(reply.Progress is not null).Inc();
        if (reply.Problem is { } problem)
        {
            LogFailed(target.Kind, target.Run, target.Attempt.Stage, target.Attempt.Attempt, problem);
        }

        switch (book.Note(target.Attempt, reply))
        {
            case ProgressNote.Shown:
                listener.ProgressChanged(target.Kind, target.Run);
                break;
            case ProgressNote.Deferred:
                metrics.Deferred.Inc();
                break;
        }
    }
}
