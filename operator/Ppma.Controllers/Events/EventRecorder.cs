using System.Threading.Channels;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ppma.Controllers.Requests;
using Prometheus;

namespace Ppma.Controllers.Events;

/// <summary>
/// Writes events in the background, one after the other. When more come than the server takes, the oldest are dropped; when it ends, what is
/// there is still written within <see cref="FlushTimeout"/>. Register it before what records, so that it ends after.
/// </summary>
/// <remarks>Needs no leadership: what it tells has been written by a process that had it.</remarks>
public sealed partial class EventRecorder : IEventRecorder, IHostedService, IDisposable
{
    private const int Capacity = 4096;
    private const int Tries = 4;
    private const int MaxInstanceLength = 128;

    /// <summary>How long the end of the process waits for events.</summary>
    public static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromSeconds(1);

    private readonly ResourceClient<Eventsv1Event> _client;
    private readonly EventRecorderOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<EventRecorder> _logger;
    private readonly EventCorrelator _correlator;
    private readonly Channel<EventNote> _notes;
    private readonly Counter _events;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public EventRecorder(ApiTransport transport, EventRecorderOptions options, TimeProvider time, CollectorRegistry registry, ILoggerFactory loggers)
    {
        string instance = options.Instance[..Math.Min(options.Instance.Length, MaxInstanceLength)];
        (_options, _time, _logger) = (options with { Instance = instance }, time, loggers.CreateLogger<EventRecorder>());
        _client = new ResourceClient<Eventsv1Event>(transport, leadership: null, loggers.CreateLogger<ApiTransport>());
        _correlator = new EventCorrelator(time);
        _events = Metrics.WithCustomRegistry(registry).CreateCounter(
            "event_recorder_events_total",
            "Events by what became of them: created, counted on an event that was there, suppressed for an object that has too much to tell, dropped since the queue was full, failed.",
            ["result"]);
        _notes = Channel.CreateBounded<EventNote>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Count("dropped"));
    }

    public void Record(IKubernetesObject<V1ObjectMeta> about, EventSeverity severity, string reason, string message) =>
        _notes.Writer.TryWrite(EventNote.Of(about, severity, reason, message));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = RunAsync(_stop.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _notes.Writer.TryComplete();
        try
        {
            await _running.WaitAsync(FlushTimeout, _time, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            await _stop.CancelAsync();
            await _running;
            LogUnwritten(_notes.Reader.Count);
        }
    }

    public void Dispose() => _stop.Dispose();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (EventNote note in _notes.Reader.ReadAllAsync(cancellationToken))
            {
                Count(await WriteAsync(note, cancellationToken));
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends and waited long enough.
        }
    }

    /// <returns>What became of it.</returns>
    private async Task<string> WriteAsync(EventNote note, CancellationToken cancellationToken)
    {
        if (_correlator.Correlate(note) is not { } series)
        {
            return "suppressed";
        }

        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteAsync(series, cancellationToken);
            }
            catch (ApiException again) when (again.Transient && attempt < Tries)
            {
                await Task.Delay(again.RetryAfter ?? FirstRetryDelay * Math.Pow(2, attempt - 1), _time, cancellationToken);
            }
            catch (ApiException failed)
            {
                _correlator.Forget(note);
                LogFailed(note.Reason, note.About.Kind, note.About.Namespace, note.About.Name, failed.Message);
                return "failed";
            }
        }
    }

    private async Task<string> WriteAsync(EventSeries series, CancellationToken cancellationToken)
    {
        if (series.ToSeries() is { } repeated && await TryCountAsync(series.Key, repeated, cancellationToken))
        {
            return "counted";
        }

        try
        {
            await _client.CreateAsync(series.ToEvent(_options.Controller, _options.Instance), cancellationToken);
        }
        catch (ApiException exists) when (exists.AlreadyExists)
        {
            // An earlier try, whose answer was lost.
        }

        return "created";
    }

    /// <returns>False when the event is not there any more: the server keeps them for an hour.</returns>
    private async Task<bool> TryCountAsync(ObjectKey key, Eventsv1EventSeries series, CancellationToken cancellationToken)
    {
        try
        {
            await _client.MergeAsync(key, new SeriesPatch(series), cancellationToken);
            return true;
        }
        catch (ApiException gone) when (gone.NotFound)
        {
            return false;
        }
    }

    private void Count(string result) => _events.WithLabels(result).Inc();

    private sealed record SeriesPatch(Eventsv1EventSeries Series);
}
