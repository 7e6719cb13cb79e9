using k8s.Models;
using Ppma.Api.Conditions;
using Ppma.Api.Datasets;
using Ppma.Controllers;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Requests;
using Ppma.Operator.Pods;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Datasets;

/// <summary>Begins verifications and clears away what is left of them. A refusal is a fact; no answer is an exception, and tried again.</summary>
internal sealed class DatasetActions(
    IResources<V1Job> jobs, IResourceCache<V1Pod> pods, IResources<V1ConfigMap> maps, PodReview review, PodSettings settings, string workerImage)
{
    /// <summary>Creates the task, where there is none yet, and the Job. Whatever an earlier try left is found again by its name.</summary>
    public async Task<DatasetObservation> StartAsync(DatasetObservation seen, int attempt, CancellationToken cancellationToken)
    {
        var plan = VerificationJob.Plan(seen.Dataset, attempt, workerImage, settings);
        try
        {
            var refusal = await review.RefuseAsync(plan, cancellationToken) ?? await FreezeAsync(seen.Dataset, cancellationToken);
            return refusal is not null ? seen with { Refusal = refusal } : await CreateAsync(seen, attempt, plan.Job, cancellationToken);
        }
        catch (ApiException refused) when (Refusals.Of(refused) is { } why)
        {
            return seen with { Refusal = why };
        }
    }

    /// <summary>Deletes Jobs with their pods, and the task of a generation that is no more.</summary>
    public async Task ClearAsync(VideoDataset dataset, DatasetDecision decision, CancellationToken cancellationToken)
    {
        foreach (var job in decision.Delete)
        {
            await jobs.DeleteAsync(job, DeletePropagation.Background, cancellationToken);
        }

        if (decision.RetiredGeneration is { } generation && await FindMapAsync(dataset, generation, cancellationToken) is { } map)
        {
            await maps.DeleteAsync(map, DeletePropagation.Background, cancellationToken);
        }
    }

    private async Task<Refusal?> FreezeAsync(VideoDataset dataset, CancellationToken cancellationToken)
    {
        var map = VerificationTask.Map(dataset);
        try
        {
            await maps.CreateAsync(map, cancellationToken);
            return null;
        }
        catch (ApiException taken) when (taken.AlreadyExists)
        {
            var found = await FindMapAsync(dataset, dataset.Metadata.Generation ?? 0, cancellationToken);
            if (found is null)
            {
                return new(Reason.NameTaken, $"ConfigMap {ObjectKey.Of(map)}, which the verification needs, belongs to somebody else; remove it, or rename the data set");
            }

            if (found.Data is { Count: 1 } data && map.Data.All(entry => data.TryGetValue(entry.Key, out var there) && there == entry.Value))
            {
                return null;
            }

            // Another version of the operator wrote it. It cannot be changed, and none of its Jobs is under way.
            await maps.DeleteAsync(found, DeletePropagation.Background, cancellationToken);
            await maps.CreateAsync(map, cancellationToken);
            return null;
        }
    }

    private async Task<DatasetObservation> CreateAsync(DatasetObservation seen, int attempt, V1Job job, CancellationToken cancellationToken)
    {
        try
        {
            return seen.With(attempt, await jobs.CreateAsync(job, cancellationToken), []);
        }
        catch (ApiException taken) when (taken.AlreadyExists)
        {
            var found = await jobs.ReadAsync(ObjectKey.Of(job), cancellationToken);
            if (found is null)
            {
                throw; // Gone again: the name is free, and the next look takes it.
            }

            return JobFacts.IsOwnedBy(found.Metadata, seen.Dataset.Metadata.Uid)
                ? seen.With(attempt, found, pods.OwnedBy(found.Metadata.Uid))
                : seen with { Refusal = new(Reason.NameTaken, $"Job {ObjectKey.Of(job)}, which the verification needs, belongs to somebody else; remove it, or rename the data set") };
        }
    }

    private async Task<V1ConfigMap?> FindMapAsync(VideoDataset dataset, long generation, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(dataset.Metadata.NamespaceProperty ?? "", VerificationTask.MapName(dataset, generation));
        return await maps.ReadAsync(key, cancellationToken) is { } map && JobFacts.IsOwnedBy(map.Metadata, dataset.Metadata.Uid) ? map : null;
    }
}
