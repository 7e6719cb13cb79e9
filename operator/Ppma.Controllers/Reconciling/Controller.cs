using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Queueing;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Reconciling;

/// <summary>
/// Has a reconciler look at an object of its kind whenever something changed that matters to it, when it asked for it, after a failure, and now
/// and then all the same. Each run (a term of leading) has a queue of its own, so that nothing of a term before is left, and everything is looked at.
/// </summary>
internal sealed partial class Controller<T> : IController
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly string _name;
    private readonly IResourceCache<T> _cache;
    private readonly IReconciler<T> _reconciler;
    private readonly IReadOnlyList<ITrigger> _triggers;
    private readonly ReconcileOptions _options;
    private readonly ReconcileMetrics _metrics;
    private readonly WorkQueueMetrics _queueMetrics;
    private readonly RetryDelay _retryDelay;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    public Controller(
        string name, IResourceCache<T> cache, IReconciler<T> reconciler, IReadOnlyList<ITrigger> triggers, ReconcileOptions options,
        ReconcileMetrics metrics, WorkQueueMetrics queueMetrics, TimeProvider time, Func<double> draw, ILogger log)
    {
        (_name, _cache, _reconciler, _triggers, _options) = (name, cache, reconciler, triggers, options);
        (_metrics, _queueMetrics, _time, _log) = (metrics, queueMetrics, time, log);
        _retryDelay = new RetryDelay(options.ShortestRetry, options.LongestRetry, spread: 0.2, draw);
    }

    public async Task RunAsync(CancellationToken stopping, CancellationToken abandon)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, abandon);
        using var queue = new WorkQueue<ObjectKey>(_retryDelay, _queueMetrics, _time);
        var subscriptions = _triggers.Select(trigger => trigger.Subscribe(queue.Add)).ToList();
        try
        {
            AddAll(queue);
            var workers = Enumerable.Range(0, _options.Workers).Select(_ => Task.Run(() => WorkAsync(queue, ending.Token, abandon), CancellationToken.None));
            await Task.WhenAll([.. workers, ResyncAsync(queue, ending.Token)]);
        }
        finally
        {
            subscriptions.ForEach(subscription => subscription.Dispose());
        }
    }

    private void AddAll(WorkQueue<ObjectKey> queue)
    {
        foreach (var resource in _cache.All)
        {
            queue.Add(ObjectKey.Of(resource));
        }
    }

    private async Task ResyncAsync(WorkQueue<ObjectKey> queue, CancellationToken ending)
    {
        while (true)
        {
            await Task.Delay(_options.Resync, _time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ending.IsCancellationRequested)
            {
                return;
            }

            AddAll(queue);
        }
    }

    private async Task WorkAsync(WorkQueue<ObjectKey> queue, CancellationToken ending, CancellationToken abandon)
    {
        while (!ending.IsCancellationRequested)
        {
            ObjectKey key;
            try
            {
                key = await queue.TakeAsync(ending);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var begun = _time.GetTimestamp();
            _metrics.Begun();
            try
            {
                await LookAtAsync(queue, key, abandon);
            }
            finally
            {
                _metrics.Ended(_time.GetElapsedTime(begun));
                queue.Done(key);
            }
        }
    }

    private async Task LookAtAsync(WorkQueue<ObjectKey> queue, ObjectKey key, CancellationToken abandon)
    {
        using IDisposable? scope = ScopeOf(_log, _name, key.Namespace, key.Name);
        using var timeout = new CancellationTokenSource(_options.ReconcileTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(abandon, timeout.Token);
        try
        {
            var result = await _reconciler.ReconcileAsync(key, either.Token);
            queue.Forget(key);
            if (result.RequeueAfter is { } delay)
            {
                queue.AddAfter(key, delay);
            }

            _metrics.Succeeded(requeued: result.RequeueAfter is not null);
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            LogAbandoned(_name, key);
        }
        catch (LeadershipLostException lost)
        {
            LogNotLeading(_name, key, lost.Message);
            queue.Retry(key);
        }
        catch (Exception exception)
        {
            Failed(exception, timedOut: exception is OperationCanceledException && timeout.IsCancellationRequested);
        }

        void Failed(Exception exception, bool timedOut)
        {
            _metrics.Failed();
            var again = queue.Retry(key);
            if (timedOut)
            {
                _metrics.TimedOut();
                LogTimedOut(_name, key, _options.ReconcileTimeout, again);
            }
            else if (exception is ApiException { Conflict: true })
            {
                LogOutdated(_name, key, again);
            }
            else if (exception is ApiException refused)
            {
                LogRefused(_name, key, refused.Message, again);
            }
            else
            {
                _metrics.Panicked();
                LogFault(exception, _name, key, again);
            }
        }
    }
}
