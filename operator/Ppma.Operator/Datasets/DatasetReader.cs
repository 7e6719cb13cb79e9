using k8s.Models;
using Ppma.Api.Datasets;
using Ppma.Controllers.Caching;
using Ppma.Operator.Attempts;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Datasets;

/// <summary>Sees a data set and what verifies it: from the caches, and live only the Events of what does not start.</summary>
internal sealed class DatasetReader(IResourceCache<V1Job> jobs, IResourceCache<V1Pod> pods, IObjectEvents events, TimeProvider time)
{
    public async Task<DatasetObservation> ObserveAsync(VideoDataset dataset, CancellationToken cancellationToken)
    {
        var seen = new DatasetObservation { Dataset = dataset, Now = time.GetUtcNow() };
        var owned = jobs.OwnedBy(dataset.Metadata.Uid).Where(job => JobFacts.IsOwnedBy(job.Metadata, dataset.Metadata.Uid)).ToList();

        // A Job of the next number is one whose maker ended before the status was written.
        var attempt = seen.Status.JobRef is null ? seen.NextAttempt : seen.Status.Attempt;
        var name = VerificationJob.Name(dataset, attempt);
        var job = owned.Find(candidate => candidate.Metadata.Name == name);
        return job is null && seen.Status.JobRef is null
            ? seen with { Leftovers = owned }
            : seen with { Verification = await SeeAsync(attempt, job, cancellationToken), Leftovers = [.. owned.Where(other => other != job)] };
    }

    private async Task<Verification> SeeAsync(int attempt, V1Job? job, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var owned = job is null ? [] : pods.OwnedBy(job.Metadata.Uid);
        var view = AttemptView.Of(job, owned, [], now);
        if (EventLookups.About(view, job, owned, now, out var due) is { } about)
        {
            view = AttemptView.Of(job, owned, await events.ListAsync(about, cancellationToken), now);
        }

        return new(attempt, job, view) { EventsDue = due };
    }
}
