using k8s;
using Microsoft.Extensions.Logging;
using Ppma.Api.Datasets;
using Ppma.Controllers;
using Ppma.Controllers.Events;
using Ppma.Controllers.Reconciling;
using Ppma.Controllers.Requests;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Datasets;

/// <summary>Keeps what is known of a data set true: looks, decides, begins a verification where one is due, writes the status once, tells, and clears away.</summary>
internal sealed partial class VideoDatasetReconciler(
    IResources<VideoDataset> datasets, DatasetReader reader, DatasetActions actions, IEventRecorder events, ILogger<VideoDatasetReconciler> logger)
    : IReconciler<VideoDataset>
{
    // One, and one more for a Job that an earlier process left.
    private const int MostStarts = 4;

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (datasets.Find(key) is not { } dataset || dataset.Metadata.DeletionTimestamp is not null)
        {
            return ReconcileResult.Done;
        }

        try
        {
            return await ReconcileAsync(dataset, cancellationToken);
        }
        catch (ApiException ending) when (Refusals.IsNamespaceTerminating(ending))
        {
            return ReconcileResult.Done;
        }
    }

    private async Task<ReconcileResult> ReconcileAsync(VideoDataset dataset, CancellationToken cancellationToken)
    {
        var seen = await reader.ObserveAsync(dataset, cancellationToken);
        var decision = DatasetRules.Decide(seen);
        for (var starts = 0; decision.Start is { } attempt; starts++)
        {
            if (starts == MostStarts)
            {
                throw new InvalidOperationException($"VideoDataset {ObjectKey.Of(dataset)}: {MostStarts} verifications begun at once, the last number {attempt}; a fault of this program.");
            }

            LogStart(dataset.Metadata.NamespaceProperty, dataset.Metadata.Name, attempt);
            seen = await actions.StartAsync(seen, attempt, cancellationToken);
            decision = DatasetRules.Decide(seen);
        }

        await WriteAsync(dataset, decision, cancellationToken);
        await actions.ClearAsync(dataset, decision, cancellationToken);
        return new(decision.RequeueAfter);
    }

    private async Task WriteAsync(VideoDataset dataset, DatasetDecision decision, CancellationToken cancellationToken)
    {
        if (dataset.Status is { } before && KubernetesJson.Serialize(before) == KubernetesJson.Serialize(decision.Status))
        {
            return;
        }

        var written = await datasets.UpdateStatusAsync(
            new() { Metadata = dataset.Metadata, Spec = dataset.Spec, Status = decision.Status }, cancellationToken);
        foreach (var happened in decision.Events)
        {
            events.Record(written, happened.Severity, happened.Reason.ToString(), happened.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "VideoDataset {Namespace}/{Name}: verification {Attempt} begins")]
    private partial void LogStart(string @namespace, string name, int attempt);
}
