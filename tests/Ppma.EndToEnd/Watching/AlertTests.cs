using Ppma.EndToEnd.Lab;
using Ppma.Testing;

namespace Ppma.EndToEnd.Watching;

/// <summary>The shipped rules, in the lab's Prometheus, about things that really happen. Their waits are cut short.</summary>
public sealed class AlertTests(Laboratory lab) : LabTest(lab)
{
    [Fact]
    public async Task StalledRun_IsAlertedOf_AndGoesOnWhenItMay()
    {
        Node.Require();
        PretrainHandle run = await Space.StartSmallRunAsync(manifests => manifests.Replace("  checkpoint: {", "  deadlines: {progressSeconds: 20}\n  checkpoint: {", StringComparison.Ordinal));
        WorkerPod pod = await run.WaitForStepAsync("mae", 3);
        await Eventually.Holds(
            async () => (await Lab.Prometheus.QueryAsync($"ppma_run_last_progress_timestamp_seconds{{namespace=\"{Space.Name}\"}}")).Count > 0,
            () => "the operator shows no progress of the run to Prometheus",
            TestContext.Current.CancellationToken);

        pod.Signal(Signals.Stop);
        try
        {
            Say(await FiredAsync("PpmaRunStalled"));
        }
        finally
        {
            pod.Signal(Signals.Continue);
        }

        await run.WaitUntilReadyAsync(timeoutSeconds: 600);
        await run.AssertSameLossesAsync(Lab.SmallReference);
        await Eventually.Holds(
            async () => !(await Lab.Prometheus.FiringInAHurryAsync()).Any(alert => IsOf(alert, "PpmaRunStalled")),
            () => "the alert goes on after the run ended",
            TestContext.Current.CancellationToken);
    }

    [Fact, Trait("Smoke", "")]
    public async Task DatasetThatCannotBeRead_IsAlertedOf()
    {
        Node.RequirePodNetwork();
        string dataset = SmallRun.Manifests().Split("\n---\n")[0].Replace("/context\n", "/nothing-is-here\n", StringComparison.Ordinal);
        await Space.ApplyAsync(dataset);
        await Space.WaitAsync("videodataset/context", "condition=Verified=False");

        await FiredAsync("PpmaDatasetNotReady");
        Say((await Space.DatasetAsync("context")).Status!.Conditions.Of("Ready")!.Message);
    }

    private async Task<string> FiredAsync(string alert) => await Eventually.Gives(
        async () => (await Lab.Prometheus.FiringInAHurryAsync()).FirstOrDefault(fired => IsOf(fired, alert)),
        () => $"{alert} has not fired for {Space.Name}",
        TestContext.Current.CancellationToken);

    private bool IsOf(string fired, string alert) =>
        fired.StartsWith(alert, StringComparison.Ordinal) && fired.Contains($"\"{Space.Name}\"", StringComparison.Ordinal);
}
