using Ppma.Api.Runs;
using Ppma.Operator.Attempts;

namespace Ppma.Operator.Runs;

/// <summary>What an attempt used up, counted once, when its end is recorded.</summary>
internal static class Usage
{
    public static void Count(RunDraft draft, StageStatus stage, ObservedAttempt attempt, AttemptEnd end, ExitClass @class)
    {
        // Who took over from another operator has heard nothing of this worker; the status has.
        var heard = draft.Observation.Progress?.Latest?.Checkpoint?.Time.UtcDateTime;
        var lastCheckpoint = heard is not null && heard > (stage.CheckpointTime ?? DateTime.MinValue) ? heard : stage.CheckpointTime;
        var gpus = GpuSeconds.Of(draft.Settings.Compute.GpusPerWorker, end, @class, lastCheckpoint);
        var ended = end.FinishedAt ?? draft.Now;
        var begun = stage.AttemptTime ?? ended;
        var released = attempt.Job?.Status?.StartTime ?? begun;
        var before = draft.Status.Usage ?? new();
        draft.Status = draft.Status with
        {
            Usage = before with
            {
                GpuSeconds = before.GpuSeconds + gpus.Total,
                WastedGpuSeconds = before.WastedGpuSeconds + gpus.Wasted,
                QueuedSeconds = before.QueuedSeconds + (draft.Settings.Compute.QueueName is null ? 0 : Seconds(released - begun)),
                ActiveSeconds = before.ActiveSeconds + Seconds(ended - released),
            },
        };
    }

    private static double Seconds(TimeSpan time) => Math.Max(0, Math.Floor(time.TotalSeconds));
}
