using Microsoft.Extensions.Logging;
using Ppma.Api;
using Ppma.Api.Runs;
using Ppma.Controllers;
using Ppma.Controllers.Events;
using Ppma.Controllers.Reconciling;
using Ppma.Controllers.Requests;

namespace Ppma.Operator.Runs;

/// <summary>Brings a run to its end: looks, decides, acts, decides again, writes the status once, and then tells.</summary>
internal sealed partial class RunReconciler<TRun>(
    IResources<TRun> runs, RunReader reader, RunActions actions, RunCounters counters, IEventRecorder events, ILogger<RunReconciler<TRun>> log) : IReconciler<TRun>
    where TRun : class, IResource
{
    private static readonly Func<ILogger, string, int, IDisposable?> ScopeOf = LoggerMessage.DefineScope<string, int>("run {RunUid} attempt {Attempt}");

    // A fresh run takes two; a decision that never rests is a fault.
    private const int MostActions = 64;

    // The cache will have caught up.
    private static readonly TimeSpan Stale = TimeSpan.FromMilliseconds(200);

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (runs.Find(key) is not { } run || run.Metadata.DeletionTimestamp is not null)
        {
            reader.Forget(key);
            return ReconcileResult.Done;
        }

        try
        {
            return await ReconcileAsync(key, run, cancellationToken);
        }
        catch (ApiException ending) when (Refusals.IsNamespaceTerminating(ending))
        {
            return ReconcileResult.Done;
        }
    }

    private async Task<ReconcileResult> ReconcileAsync(ObjectKey key, TRun run, CancellationToken cancellationToken)
    {
        var view = RunView.Of(run);
        using IDisposable? scope = ScopeOf(log, view.Uid, view.Status.Stages.Max(stage => (int?)stage.Attempt) ?? 0);
        var observation = await reader.ObserveAsync(view, cancellationToken);
        var decision = RunRules.Decide(observation);
        for (var done = 0; decision.Action is { } action; done++)
        {
            if (done == MostActions)
            {
                throw new InvalidOperationException($"{view.Kind} {key}: {MostActions} actions, the last {action}, and still no rest; a fault of this program.");
            }

            LogAction(view.Kind, key, action);
            if (await actions.ApplyAsync(action, observation, async token => (await runs.ReadAsync(key, token))?.Metadata, cancellationToken) is not { } after)
            {
                return ReconcileResult.After(Stale);
            }

            observation = after;
            decision = RunRules.Decide(observation);
        }

        if (!IsSame(view.Status, decision.Status, run))
        {
            var written = await runs.UpdateStatusAsync(RunView.With(run, decision.Status), cancellationToken);
            counters.Count(view, decision.Status);
            foreach (var happened in decision.Events)
            {
                events.Record(written, happened.Severity, happened.Reason, happened.Message);
            }
        }

        return new(decision.RequeueAfter);
    }

    // A status that was never written is another than an empty one.
    private static bool IsSame(RunStatus before, RunStatus after, TRun run) =>
        before.ObservedGeneration >= 0 && StatusText.Of(before) == StatusText.Of(after) && run.Metadata.Uid is not null;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind} {Run}: {Action}")]
    private partial void LogAction(string kind, ObjectKey run, RunAction action);
}
