using Ppma.Api.Runs;

namespace Ppma.Api.Validation;

/// <summary>Rules of what PretrainRun and EvalRun share.</summary>
internal static class RunRules
{
    public static void Check(RunSettings run, Findings findings)
    {
        findings.Require(
            run.Compute.Workers <= 1, "spec.compute.workers",
            $"is {run.Compute.Workers}; training over several workers is not available yet, so it must be 1");
        findings.Require(
            run.Compute.GpusPerWorker <= 1, "spec.compute.gpusPerWorker",
            $"is {run.Compute.GpusPerWorker}; training over several GPUs is not available yet, so it must be 0 or 1");
        findings.Require(
            run.Restart.BackoffSeconds <= run.Restart.MaxBackoffSeconds, "spec.restart.backoffSeconds",
            $"is {run.Restart.BackoffSeconds}, above maxBackoffSeconds {run.Restart.MaxBackoffSeconds}");
        findings.Require(
            run.Checkpoint is not { KeepEverySteps: > 0, EverySteps: > 0 } checkpoint || checkpoint.KeepEverySteps % checkpoint.EverySteps == 0,
            "spec.checkpoint.keepEverySteps",
            $"is {run.Checkpoint.KeepEverySteps}, no multiple of everySteps {run.Checkpoint.EverySteps}; only checkpoints that are written can be kept");
        if (run.Artifacts is { } artifacts)
        {
            UriRules.Check(artifacts.Uri, "spec.artifacts.uri", findings);
        }
    }
}
