using System.Globalization;
using Ppma.Api.Tasks;
using Ppma.Worker.Progress;

namespace Ppma.Worker.Execution;

/// <summary>Ends a task whose step no longer moves: a hang in a native library cannot be cancelled, only left.</summary>
internal static class StallWatch
{
    /// <returns>A task that only ends by an exception.</returns>
    /// <exception cref="TaskFailedException">43 when no step moved for <paramref name="deadline"/>.</exception>
    /// <exception cref="OperationCanceledException">The task ended first.</exception>
    public static async Task RunAsync(ProgressReporter progress, TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan left = deadline - progress.SinceLastStep;
            if (left <= TimeSpan.Zero)
            {
                TaskProgress at = progress.Snapshot();
                throw new TaskFailedException(
                    ExitCodes.Stalled,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"No step finished for {deadline.TotalSeconds:0} s (progressDeadlineSeconds) in '{at.Phase}', step {at.Step} of {at.TotalSteps}. Look for slow storage or an overloaded machine, or raise deadlines.progressSeconds."));
            }

            await Task.Delay(left, time, cancellationToken);
        }
    }
}
