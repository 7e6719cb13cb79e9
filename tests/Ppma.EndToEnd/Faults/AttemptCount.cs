using Ppma.Api.Runs;
using Ppma.EndToEnd.Lab;

namespace Ppma.EndToEnd.Faults;

/// <summary>How often a run was tried, as its status and the cluster tell it.</summary>
internal static class AttemptCount
{
    /// <summary>For the summary: <c>mae 1, align 2 (application 0, infrastructure 1: StorageOrNetwork)</c>.</summary>
    public static string DescribeAttempts(this RunStatus status)
    {
        string stages = string.Join(", ", status.Stages.Select(stage => $"{stage.Name} {stage.Attempt}"));
        return status.Restarts is { } restarts
            ? $"attempts {stages} (application {restarts.Application}, infrastructure {restarts.Infrastructure}: {restarts.Last?.Cause})"
            : $"attempts {stages}";
    }

    /// <summary>Nothing was ever made for the run: neither Job nor frozen tasks.</summary>
    public static async Task AssertNothingWasMadeAsync(this PretrainHandle run)
    {
        Assert.Equal("", await run.Space.Kubectl.RunAsync("get", "jobs,pods,configmaps", "--selector", "ppma.cloud/kind=PretrainRun", "--output", "name"));
        Assert.DoesNotContain(await run.Space.EventsOfAsync(run.Name), told => told.StartsWith("JobCreated", StringComparison.Ordinal));
    }
}
