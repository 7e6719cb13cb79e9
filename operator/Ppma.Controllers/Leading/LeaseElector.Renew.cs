using k8s.Models;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Leading;

public sealed partial class LeaseElector
{
    /// <summary>Renews until told to stop (null) or until leadership is lost (why), which cancels <paramref name="leading"/>.</summary>
    private async Task<string?> RenewAsync(V1Lease held, CancellationTokenSource leading, CancellationToken stop)
    {
        TimeSpan pause = _options.RetryPeriod;
        string failure = "this process did not run";
        while (true)
        {
            TimeSpan left = TimeLeft();
            await PauseAsync(left < pause ? left : pause, stop);
            if (stop.IsCancellationRequested)
            {
                return null;
            }

            if ((left = TimeLeft()) <= TimeSpan.Zero)
            {
                return Lost($"Lease {_options.Namespace}/{_options.Name} was not renewed for {_options.RenewDeadline.TotalSeconds} s: {failure}");
            }

            try
            {
                long start = _time.GetTimestamp();
                V1Lease last = held;
                // Half of what is left for one request: however it hangs, there is time for another. Never broken off, so that it cannot cross the release.
                held = await InTimeAsync(cancellation => RenewOnceAsync(last, cancellation), left / 2, CancellationToken.None);
                LeadFrom(start);
                pause = _options.RetryPeriod;
            }
            catch (LeadershipLostException e)
            {
                return Lost(e.Message);
            }
            catch (Exception e)
            {
                failure = e.Message;
                pause = PauseAfterFailure(TimeLeft());
                LogRenewalFailed(_logger, _options.Namespace, _options.Name, TimeLeft().TotalSeconds, failure);
            }
        }

        string Lost(string why)
        {
            StopLeading();
            LogLost(_logger, why);
            leading.Cancel();
            return why;
        }
    }

    private async Task<V1Lease> RenewOnceAsync(V1Lease held, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.UpdateAsync(held.Claimed(_options, _identity, _time.GetUtcNow()), cancellationToken);
        }
        catch (ApiException e) when (e.Conflict || e.NotFound)
        {
            // Changed by a renewal whose answer was lost, by somebody else, or deleted.
        }

        V1Lease? now = await _store.ReadAsync(cancellationToken);
        return now is null ? await _store.CreateAsync(LeaseRecord.First(_options, _identity, _time.GetUtcNow()), cancellationToken)
            : now.IsHeldBy(_identity) ? await _store.UpdateAsync(now.Claimed(_options, _identity, _time.GetUtcNow()), cancellationToken)
            : throw new LeadershipLostException($"Lease {_options.Namespace}/{_options.Name} is held by {(now.IsFree() ? "nobody" : now.Spec.HolderIdentity)}");
    }

    private TimeSpan PauseAfterFailure(TimeSpan left) =>
        left / 4 > _options.RetryPeriod ? _options.RetryPeriod
        : left / 4 < ShortestPause ? ShortestPause
        : left / 4;
}
