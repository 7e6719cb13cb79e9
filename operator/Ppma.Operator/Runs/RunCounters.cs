using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Prometheus;

namespace Ppma.Operator.Runs;

/// <summary>What became of runs, counted when the status that says so is written: sums that stay when a run's own series go.</summary>
internal sealed class RunCounters
{
    private const string Useful = "useful";
    private const string Wasted = "wasted";

    private static readonly string[] Kinds = ["PretrainRun", "EvalRun"];
    private static readonly string[] Ends = [nameof(StageState.Succeeded), nameof(StageState.Failed), nameof(StageState.Cancelled)];

    // Of restarts that pods, nodes and deadlines cause; a rise is only seen in a series that was there before.
    private static readonly Reason[] Causes =
    [
        Reason.StorageOrNetwork, Reason.RendezvousLost, Reason.Interrupted, Reason.Superseded, Reason.Failed, Reason.OutOfMemory, Reason.OutOfStorage,
        Reason.Killed, Reason.Disrupted, Reason.NodeLost, Reason.DeletedByOthers, Reason.ContainerNotStarted, Reason.StartupDeadlineExceeded,
        Reason.ScaleUpDeadlineExceeded, Reason.Stalled,
    ];

    // From a pod that only had to start to a day in a queue.
    private static readonly double[] StartSeconds = [5, 10, 15, 20, 30, 45, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400];

    private readonly TimeProvider _time;
    private readonly Counter _ended;
    private readonly Counter _restarts;
    private readonly Counter _gpuSeconds;
    private readonly Histogram _startLatency;

    public RunCounters(CollectorRegistry registry, TimeProvider time)
    {
        _time = time;
        var create = Metrics.WithCustomRegistry(registry);
        _ended = create.CreateCounter("ppma_runs_ended_total", "Runs that ended, by how: Succeeded, Failed, Cancelled.", "kind", "namespace", "state");
        _restarts = create.CreateCounter("ppma_restarts_total", "Attempts that are followed by another, by the reason of their end.", "kind", "cause");
        _gpuSeconds = create.CreateCounter(
            "ppma_gpu_seconds_total", "GPU seconds of attempts that ended, by use: wasted is what came after the checkpoint from which the next attempt began, useful the rest.",
            "kind", "namespace", "use");
        _startLatency = create.CreateHistogram(
            "ppma_run_start_latency_seconds", "From a run's creation until its first step was heard of, which is up to progressIntervalSeconds after it was done.",
            new HistogramConfiguration { LabelNames = ["kind"], Buckets = StartSeconds });
        foreach (var kind in Kinds)
        {
            _startLatency.WithLabels(kind).Publish();
            foreach (var cause in Causes)
            {
                _restarts.WithLabels(kind, cause.ToString());
            }
        }
    }

    /// <summary>Counts what a status says that the one before did not.</summary>
    /// <param name="run">The run, with the status before.</param>
    /// <param name="after">What was written.</param>
    public void Count(RunView run, RunStatus after)
    {
        foreach (var state in Ends)
        {
            _ended.WithLabels(run.Kind, run.Namespace, state);
        }

        if (RunEnd.IsTerminal(after) && !RunEnd.IsTerminal(run.Status))
        {
            _ended.WithLabels(run.Kind, run.Namespace, RunEnd.State(after)).Inc();
        }

        if (after.Restarts?.Last is { } last && after.Stages.Any(stage => BacksOff(stage) && !run.Status.Stages.Any(before => before.Name == stage.Name && BacksOff(before))))
        {
            _restarts.WithLabels(run.Kind, last.Cause).Inc();
        }

        var wasted = (after.Usage?.WastedGpuSeconds ?? 0) - (run.Status.Usage?.WastedGpuSeconds ?? 0);
        var all = (after.Usage?.GpuSeconds ?? 0) - (run.Status.Usage?.GpuSeconds ?? 0);
        _gpuSeconds.WithLabels(run.Kind, run.Namespace, Wasted).Inc(Math.Max(0, wasted));
        _gpuSeconds.WithLabels(run.Kind, run.Namespace, Useful).Inc(Math.Max(0, all - wasted));

        if (HasBegun(after) && !HasBegun(run.Status) && run.Metadata.CreationTimestamp is { } created)
        {
            _startLatency.WithLabels(run.Kind).Observe(Math.Max(0, (_time.GetUtcNow().UtcDateTime - created.ToUniversalTime()).TotalSeconds));
        }
    }

    private static bool BacksOff(StageStatus stage) => stage.State == StageState.BackingOff;

    // A stage that is quicker than the next question to its worker is only seen when it is over.
    private static bool HasBegun(RunStatus status) => status.Stages.Any(stage => stage is { Progress.Step: > 0 } or { State: StageState.Succeeded });
}
