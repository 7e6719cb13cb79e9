using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Ppma.Controllers.Leading;

/// <summary>
/// Leads by holding a Lease, at most one process at a time. The holder leads until <see cref="LeaseOptions.RenewDeadline"/> after the
/// start of its last renewal that was answered, by its own monotonic clock; others wait <see cref="LeaseOptions.LeaseDuration"/> from when they saw
/// that renewal. A renewal may fail in any way: only the deadline decides.
/// </summary>
public sealed partial class LeaseElector : IElection, ILeadership
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);

    private readonly ILeaseStore _store;
    private readonly LeaseOptions _options;
    private readonly string _identity;
    private readonly LeadershipMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Func<double> _jitter;
    private readonly ILogger<LeaseElector> _logger;
    private readonly LeaseObservation _observation;
    private long _leadsUntil = long.MinValue;
    private bool _mayHold;

    /// <param name="store">The Lease that <paramref name="options"/> name.</param>
    /// <param name="options">The Lease and its times.</param>
    /// <param name="identity">Of this process alone: one that starts again under its old name would take the Lease for its own.</param>
    /// <param name="metrics">Told who leads.</param>
    /// <param name="time">Its monotonic clock decides, its wall clock is written down for people.</param>
    /// <param name="jitter">From 0 to 1; spreads the tries of standbys.</param>
    /// <param name="logger">Told of every change and every failed try.</param>
    /// <exception cref="ArgumentException">The times are not sound.</exception>
    public LeaseElector(
        ILeaseStore store, LeaseOptions options, string identity, LeadershipMetrics metrics, TimeProvider time, Func<double> jitter, ILogger<LeaseElector> logger)
    {
        if (options.Problems().ToList() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }

        _store = store;
        _options = options;
        _identity = identity;
        _metrics = metrics;
        _time = time;
        _jitter = jitter;
        _logger = logger;
        _observation = new LeaseObservation(options.LeaseDuration, identity, time);
        _metrics.Leads(options.Name, false);
    }

    /// <summary>Whom the Lease names while this process leads.</summary>
    public string Identity => _identity;

    public bool IsLeading => _time.GetTimestamp() < Volatile.Read(ref _leadsUntil);

    public void Demand()
    {
        if (!IsLeading)
        {
            throw new LeadershipLostException($"{_identity} does not lead: Lease {_options.Namespace}/{_options.Name} is not its own, or was renewed too long ago. Nothing was written.");
        }
    }

    public async Task RunAsync(Func<CancellationToken, Task> whileLeading, CancellationToken stopping)
    {
        if (await AcquireAsync(stopping) is { } held)
        {
            await LeadAsync(held, whileLeading);
        }
    }

    private async Task LeadAsync(V1Lease held, Func<CancellationToken, Task> whileLeading)
    {
        LogLeads(_logger, _options.Namespace, _options.Name, _identity);
        _metrics.Leads(_options.Name, true);
        using var leading = new CancellationTokenSource();
        using var renewing = new CancellationTokenSource();
        Task<string?> renewal = RenewAsync(held, leading, renewing.Token);
        Task work = WorkAsync();

        if (await Task.WhenAny(work, renewal) == work)
        {
            renewing.Cancel();
        }

        if (await renewal is { } why)
        {
            await Task.WhenAny(work, Task.Delay(_options.LeaseDuration - _options.RenewDeadline, _time, CancellationToken.None));
            throw new LeadershipLostException(
                $"Leadership is lost: {why}. {(work.IsCompleted ? "The work under it has ended." : "The work under it did not end in time: the process must.")}");
        }

        StopLeading();
        await ReleaseAsync();
        await work;

        async Task WorkAsync() => await whileLeading(leading.Token);
    }

    /// <summary>The answer of a request that has this long. One that does not heed its token is left behind: nothing it still does is looked at.</summary>
    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> request, TimeSpan timeout, CancellationToken stop)
    {
        using var timer = new CancellationTokenSource(RoundedUp(timeout), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
        try
        {
            return await request(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException e) when (timer.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {timeout.TotalSeconds:0.##} s", e);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        try
        {
            await Task.Delay(RoundedUp(pause), _time, stop);
        }
        catch (OperationCanceledException)
        {
            // The pause is over.
        }
    }

    private TimeSpan TimeLeft()
    {
        TimeSpan left = _time.GetElapsedTime(_time.GetTimestamp(), Volatile.Read(ref _leadsUntil));
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void LeadFrom(long start) =>
        Volatile.Write(ref _leadsUntil, start + (long)(_options.RenewDeadline.TotalSeconds * _time.TimestampFrequency));

    private void StopLeading()
    {
        Volatile.Write(ref _leadsUntil, long.MinValue);
        _metrics.Leads(_options.Name, false);
    }

    /// <summary>Timers count whole milliseconds: one cut to zero would spin.</summary>
    private static TimeSpan RoundedUp(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
}
