using Ppma.Api;
using Ppma.Api.Conditions;
using Ppma.Api.Datasets;
using Ppma.Api.Runs;
using Ppma.Controllers.Leading;
using Prometheus;

namespace Ppma.Operator.Runs;

/// <summary>
/// Runs and data sets as Prometheus sees them: made from the caches when it asks, so that nothing can be forgotten or left behind. Only the
/// process that leads shows them, and only runs that are under way have series of their own.
/// </summary>
internal sealed class RunMetrics
{
    /// <summary>Runs under way that have series of their own; of more there is only their number.</summary>
    private const int MostRuns = 500;

    private static readonly string[] Run = ["kind", "namespace", "name"];

    private readonly RunResources _resources;
    private readonly ILeadership _leadership;
    private readonly Lock _lock = new();
    private readonly Gauge _runs;
    private readonly Gauge _omitted;
    private readonly Gauge _info;
    private readonly Gauge _progress;
    private readonly Gauge _lastProgress;
    private readonly Gauge _progressDeadline;
    private readonly Gauge _eta;
    private readonly Gauge _loss;
    private readonly Gauge _restarts;
    private readonly Gauge _gpuSeconds;
    private readonly Gauge _wastedGpuSeconds;
    private readonly Gauge _datasets;

    public RunMetrics(RunResources resources, ILeadership leadership, CollectorRegistry registry)
    {
        (_resources, _leadership) = (resources, leadership);
        var create = Metrics.WithCustomRegistry(registry);
        _runs = create.CreateGauge("ppma_runs", "Runs by where they are.", "kind", "namespace", "state");
        _omitted = create.CreateGauge("ppma_metrics_dropped_series", $"Runs under way that have no series of their own, since there are more than {MostRuns}.");
        _info = create.CreateGauge("ppma_run_info", "A run under way: its stage, attempt and the reason of its Ready condition. Always 1.", [.. Run, "stage", "attempt", "reason"]);
        _progress = create.CreateGauge("ppma_run_progress_ratio", "How far the run's current stage is, 0 to 1.", Run);
        _lastProgress = create.CreateGauge("ppma_run_last_progress_timestamp_seconds", "When the run was last seen to get on: a step was done, or steps began to be due. Absent while none is due.", Run);
        _progressDeadline = create.CreateGauge("ppma_run_progress_deadline_seconds", "The run's spec.deadlines.progressSeconds: without a step for so long it has stalled.", Run);
        _eta = create.CreateGauge("ppma_run_eta_timestamp_seconds", "When the run's current stage will end at its present rate.", Run);
        _loss = create.CreateGauge("ppma_run_loss", "Loss over the run's last steps.", Run);
        _restarts = create.CreateGauge("ppma_run_restarts", "Restarts of the run so far, by whose budget paid.", [.. Run, "budget"]);
        _gpuSeconds = create.CreateGauge("ppma_run_gpu_seconds", "GPU seconds of the run's attempts that have ended.", Run);
        _wastedGpuSeconds = create.CreateGauge("ppma_run_wasted_gpu_seconds", "Those of them that came after the checkpoint from which the next attempt began.", Run);
        _datasets = create.CreateGauge("ppma_dataset_ready", "1 when runs may use the data set, else 0.", "namespace", "name", "reason");
        registry.AddBeforeCollectCallback(Collect);
    }

    private void Collect()
    {
        lock (_lock)
        {
            List<RunView> all = _leadership.IsLeading
                ? [.. _resources.PretrainRuns.All.Select(RunView.Of), .. _resources.EvalRuns.All.Select(RunView.Of)] : [];
            var active = all.Where(run => !RunEnd.IsTerminal(run.Status)).OrderBy(run => run.Metadata.CreationTimestamp).ToList();
            var shown = active.Take(MostRuns).ToList();
            Show(_runs, all.GroupBy(run => (run.Kind, run.Namespace, State: RunEnd.State(run.Status)))
                .Select(group => ((string[])[group.Key.Kind, group.Key.Namespace, group.Key.State], (double?)group.Count())));
            _omitted.Set(active.Count - shown.Count);
            Show(_info, shown.Select(run => ((string[])[.. Labels(run), Current(run)?.Name ?? "", $"{Current(run)?.Attempt ?? 0}", Reason(run.Status.Conditions)], (double?)1)));
            Show(_progress, shown, run => Current(run)?.Progress?.Percent / 100);
            Show(_lastProgress, shown, LastProgress);
            Show(_progressDeadline, shown, run => run.Settings.Deadlines.ProgressSeconds);
            Show(_eta, shown, run => Seconds(Current(run)?.Progress?.Eta));
            Show(_loss, shown, run => Current(run)?.Progress?.Loss);
            Show(_restarts, shown.SelectMany(run => new (string[], double?)[]
            {
                ([.. Labels(run), "application"], run.Status.Restarts?.Application ?? 0), ([.. Labels(run), "infrastructure"], run.Status.Restarts?.Infrastructure ?? 0),
            }));
            Show(_gpuSeconds, shown, run => run.Status.Usage?.GpuSeconds);
            Show(_wastedGpuSeconds, shown, run => run.Status.Usage?.WastedGpuSeconds);
            Show(_datasets, _leadership.IsLeading ? _resources.Datasets.All.Select(Series) : []);
        }
    }

    private static (string[] Labels, double? Value) Series(VideoDataset dataset)
    {
        var conditions = dataset.Status?.Conditions ?? [];
        return ([dataset.Metadata.NamespaceProperty, dataset.Metadata.Name, Reason(conditions)], conditions.Is(ConditionType.Ready, ConditionStatus.True) ? 1 : 0);
    }

    private static void Show(Gauge gauge, IEnumerable<RunView> runs, Func<RunView, double?> value) =>
        Show(gauge, runs.Select(run => (Labels(run), value(run))));

    // What is not shown any more goes, or its last value would stand for ever.
    private static void Show(Gauge gauge, IEnumerable<(string[] Labels, double? Value)> series)
    {
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (labels, value) in series)
        {
            if (value is { } known)
            {
                gauge.WithLabels(labels).Set(known);
                shown.Add(string.Join('\n', labels));
            }
        }

        foreach (var labels in gauge.GetAllLabelValues().Where(labels => !shown.Contains(string.Join('\n', labels))).ToList())
        {
            gauge.RemoveLabelled(labels);
        }
    }

    private static string[] Labels(RunView run) => [run.Kind, run.Namespace, run.Name];

    private static StageStatus? Current(RunView run) =>
        run.Status.Stages.FirstOrDefault(stage => stage.State != StageState.Succeeded) ?? (run.Status.Stages.Count > 0 ? run.Status.Stages[^1] : null);

    private static string Reason(IList<Condition> conditions) => conditions.Find(ConditionType.Ready)?.Reason ?? nameof(Api.Conditions.Reason.Pending);

    // A run that waits for a node or loads its data does not stand still. Who cannot be asked may: nobody else would notice.
    private static double? LastProgress(RunView run) =>
        Current(run) is { State: StageState.Running } stage
        && run.Status.Conditions.Find(ConditionType.Progressing) is { Reason: nameof(Api.Conditions.Reason.Running) or nameof(Api.Conditions.Reason.WorkerUnreachable) } due
            ? Math.Max(Seconds(stage.Progress?.LastProgressTime) ?? 0, Seconds(due.LastTransitionTime) ?? 0) : null;

    private static double? Seconds(DateTime? time) => time is { } at ? (at.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds : null;
}
