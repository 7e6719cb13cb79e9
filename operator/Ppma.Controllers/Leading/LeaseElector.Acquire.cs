using k8s.Models;

namespace Ppma.Controllers.Leading;

public sealed partial class LeaseElector
{
    private async Task<V1Lease?> AcquireAsync(CancellationToken stop)
    {
        LogWaits(_logger, _options.Namespace, _options.Name, _identity);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await TryAcquireAsync(stop) is { } held)
                {
                    return held;
                }
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                LogTryFailed(_logger, _options.Namespace, _options.Name, e.Message);
                await PauseAsync(RetryPause(), stop);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        if (_mayHold)
        {
            await ReleaseAsync();
        }

        return null;
    }

    private async Task<V1Lease?> TryAcquireAsync(CancellationToken stop)
    {
        V1Lease? seen = await InTimeAsync(_store.ReadAsync, _options.RenewDeadline / 2, stop);
        _observation.See(seen);
        if (_observation.TimeLeft > TimeSpan.Zero)
        {
            seen = await WatchAsync(seen, stop);
            if (_observation.TimeLeft > TimeSpan.Zero)
            {
                return null;
            }
        }

        _mayHold = true;
        long start = _time.GetTimestamp();
        V1Lease held = await InTimeAsync(
            cancellation => seen is null
                ? _store.CreateAsync(LeaseRecord.First(_options, _identity, _time.GetUtcNow()), cancellation)
                : _store.UpdateAsync(seen.Claimed(_options, _identity, _time.GetUtcNow()), cancellation),
            _options.RenewDeadline / 2,
            stop);
        LeadFrom(start);
        return held;
    }

    /// <summary>Follows the Lease until it is free, its holder's time is over, or it is time to read it again: a watch can be silent because it is dead.</summary>
    private async Task<V1Lease?> WatchAsync(V1Lease? seen, CancellationToken stop)
    {
        TimeSpan longest = _observation.TimeLeft < _options.RenewDeadline ? _observation.TimeLeft : _options.RenewDeadline;
        using var timer = new CancellationTokenSource(RoundedUp(longest), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
        try
        {
            await foreach (V1Lease? lease in _store.WatchAsync(seen?.Metadata.ResourceVersion, either.Token))
            {
                seen = lease;
                _observation.See(lease);
                if (_observation.TimeLeft == TimeSpan.Zero)
                {
                    return seen;
                }
            }

            await PauseAsync(RetryPause(), either.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            // Time to look again.
        }

        return seen;
    }

    private async Task ReleaseAsync()
    {
        try
        {
            V1Lease? lease = await InTimeAsync(_store.ReadAsync, _options.RetryPeriod, CancellationToken.None);
            if (lease is not null && lease.IsHeldBy(_identity))
            {
                await InTimeAsync(cancellation => _store.UpdateAsync(lease.Released(_time.GetUtcNow()), cancellation), _options.RetryPeriod, CancellationToken.None);
                LogReleased(_logger, _options.Namespace, _options.Name);
            }
        }
        catch (Exception e)
        {
            LogNotReleased(_logger, _options.Namespace, _options.Name, _options.LeaseDuration.TotalSeconds, e.Message);
        }
    }

    private TimeSpan RetryPause() => _options.RetryPeriod * (1 + (LeaseOptions.Jitter * _jitter()));
}
