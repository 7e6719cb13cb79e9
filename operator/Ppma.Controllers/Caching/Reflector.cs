using System.Net;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Ppma.Controllers.Queueing;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Caching;

/// <summary>
/// Keeps a cache like the server: lists once, watches from there, and watches on from where it was whenever a watch ends in whatever way. It
/// lists again only where history is gone (410), and then through a quorum, so that the cache never goes back. Nothing but cancellation ends it.
/// </summary>
internal sealed partial class Reflector<T> : IReflector
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>A list may come from the server's own cache, which may lag.</summary>
    private const string AnyVersion = "0";

    /// <summary>A list that is read through a quorum.</summary>
    private const string NewestVersion = "";

    private static readonly TimeSpan ShortestHonestWatch = TimeSpan.FromSeconds(1);

    private readonly string _kind;
    private readonly IListWatch<T> _source;
    private readonly ResourceCache<T> _cache;
    private readonly ReflectorOptions _options;
    private readonly ReflectorMetrics _metrics;
    private readonly RetryDelay _backOff;
    private readonly TimeProvider _time;
    private readonly Func<double> _draw;
    private readonly ILogger _log;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long _heard;
    private int _failures;
    private string? _lastFailure;

    public Reflector(
        string kind, IListWatch<T> source, ResourceCache<T> cache, ReflectorOptions options, ReflectorMetrics metrics, TimeProvider time, Func<double> draw, ILogger log)
    {
        (_kind, _source, _cache, _options, _metrics, _time, _draw, _log) = (kind, source, cache, options, metrics, time, draw, log);
        _backOff = new RetryDelay(options.ShortestBackOff, options.LongestBackOff, spread: 0.5, draw);
        _heard = time.GetTimestamp();
        metrics.IsStale = () => Problem is not null;
    }

    public Task Synced => _synced.Task;

    public string? Problem
    {
        get
        {
            var silence = _time.GetElapsedTime(Volatile.Read(ref _heard));
            var because = Volatile.Read(ref _lastFailure) is { } failure ? $": {failure}" : "";
            return !_synced.Task.IsCompleted ? $"{_kind}: not listed yet{because}"
                : silence > _options.LongestWatch + (2 * _options.Grace) ? $"{_kind}: the watch has been silent for {silence.TotalSeconds:F0} s{because}"
                : null;
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var listFrom = AnyVersion;
        while (!cancellationToken.IsCancellationRequested)
        {
            var wait = TimeSpan.Zero;
            try
            {
                if (listFrom is not null)
                {
                    await ListAsync(listFrom, cancellationToken);
                    listFrom = null;
                }

                await WatchAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (HistoryIsGone(exception))
            {
                listFrom = NewestVersion;
                wait = _failures++ == 0 ? TimeSpan.Zero : _backOff.After(_failures - 2);
                _metrics.Failed("expired");
                LogHistoryGone(_kind, _cache.Position, exception.Message);
            }
            catch (Exception exception)
            {
                wait = WaitAfter(exception);
            }

            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListAsync(string from, CancellationToken cancellationToken)
    {
        using var watchdog = new CancellationTokenSource(_options.Grace, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watchdog.Token);
        _metrics.Listed();
        var begun = _time.GetTimestamp();
        var listed = new List<T>();
        ResourceVersion version;
        try
        {
            var text = await _source.ListAsync(from, Keep, either.Token);
            version = ResourceVersion.Parse(text);
        }
        catch (OperationCanceledException cut) when (watchdog.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"the list of {_kind} stood still for {_options.Grace.TotalSeconds:F0} s after {listed.Count} objects", cut);
        }

        if (!_cache.Replace(listed, version))
        {
            if (from == AnyVersion)
            {
                throw new HistoryRewoundException($"the list of {_kind} is as of {version}, older than what is known ({_cache.Position})");
            }

            LogSetBack(_kind, _cache.Position, version);
            _cache.StartOver(listed, version);
        }

        Heard();
        var took = _time.GetElapsedTime(begun);
        LogListed(_kind, listed.Count, version, took);
        _synced.TrySetResult();

        void Keep(T item)
        {
            watchdog.CancelAfter(_options.Grace);
            _cache.Trim(item);
            listed.Add(item);
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var timeout = _options.ShortestWatch + ((_options.LongestWatch - _options.ShortestWatch) * _draw());
        var patience = timeout + _options.Grace;
        using var watchdog = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watchdog.Token);
        _metrics.WatchBegun();
        var start = _cache.Position;
        var begun = _time.GetTimestamp();
        var events = 0;
        try
        {
            await foreach (var occurred in _source.WatchAsync(start.ToString(), timeout, either.Token))
            {
                if (ResourceVersion.Parse(occurred.ResourceVersion) < start)
                {
                    throw new HistoryRewoundException($"the watch of {_kind} from {start} brought {occurred.ResourceVersion}, which is older: the server's store was set back");
                }

                if (occurred.Kind == WatchEventKind.Bookmark && _options.BookmarkPatience < patience)
                {
                    patience = _options.BookmarkPatience;
                }

                watchdog.CancelAfter(patience);
                events++;
                _failures = 0;
                Heard();
                _cache.Apply(occurred);
            }
        }
        catch (OperationCanceledException cut) when (watchdog.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"the watch of {_kind} was silent for {patience.TotalSeconds:F0} s, longer than a live one can be", cut);
        }

        var lasted = _time.GetElapsedTime(begun);
        if (events == 0 && lasted < ShortestHonestWatch)
        {
            throw new IOException($"the watch of {_kind} ended after {lasted.TotalMilliseconds:F0} ms without an event");
        }

        Heard();
        _failures = 0;
    }

    private TimeSpan WaitAfter(Exception exception)
    {
        var refused = exception as ApiException;
        var backOff = _backOff.After(_failures++);
        var wait = refused?.RetryAfter is { } asked && asked > backOff ? asked : backOff;
        var explained = Explain(refused) is { } hint ? $"{exception.Message} ({hint})" : exception.Message;
        Volatile.Write(ref _lastFailure, explained);
        _metrics.Failed(exception is TimeoutException ? "silent" : refused?.Code is { } code ? ((int)code).ToString() : "connection");
        LogFailed(exception is ApiException or IOException or TimeoutException or HttpRequestException ? null : exception, _kind, explained, wait.TotalSeconds, _failures);
        return wait;
    }

    private static string? Explain(ApiException? refused) => refused?.Code switch
    {
        HttpStatusCode.NotFound => "is its CustomResourceDefinition installed?",
        HttpStatusCode.TooManyRequests => "the server is busy, or still sets up a CustomResourceDefinition",
        HttpStatusCode.Forbidden => "the operator's role must allow list and watch",
        HttpStatusCode.Unauthorized => "the operator's credentials are not accepted",
        _ => null,
    };

    /// <summary>A server that lags says "too large" for a moment; one that goes on saying so was set back.</summary>
    private bool HistoryIsGone(Exception exception) =>
        exception is HistoryRewoundException or ApiException { Expired: true }
        || (exception is ApiException { Code: HttpStatusCode.GatewayTimeout } && _failures >= 3 && exception.Message.Contains("Too large resource version", StringComparison.Ordinal));

    private void Heard()
    {
        Volatile.Write(ref _heard, _time.GetTimestamp());
        Volatile.Write(ref _lastFailure, null);
    }
}
