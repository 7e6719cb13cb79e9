using System.Text.Json;
using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.EndToEnd.Lab;

namespace Ppma.EndToEnd.Faults;

/// <summary>A worker ends before its stage is done. Who pays follows from the cause; the numbers do not change.</summary>
public sealed class WorkerTests(Laboratory lab) : LabTest(lab)
{
    /// <summary>After the first checkpoint (8) of the stage <c>mae</c>.</summary>
    private const int MidStage = 12;

    [Fact, Trait("Smoke", "")]
    public async Task Worker_KilledInTheMiddleOfAStage_GoesOnFromItsCheckpoint()
    {
        Node.Require();
        PretrainHandle run = await Space.StartSmallRunAsync();
        WorkerPod pod = await run.WaitForStepAsync("mae", MidStage);
        // It is written beside the training: what is killed before it is whole begins again.
        await run.WaitForCheckpointAsync("mae");

        pod.Signal(Signals.Kill);

        string told = await run.WaitForEventAsync(nameof(Reason.Killed));
        Assert.Contains("exit code 137 (signal 9)", told, StringComparison.Ordinal);
        await run.AssertEndsUndisturbedAsync(2, 1);
        await AssertPaidAsync(run, application: 0, infrastructure: 1, Reason.Killed, exitCode: 137);
        Assert.NotEqual(0, await run.StepGoneOnFromAsync("mae", attempt: 2));
        Say($"kill -9 after step {MidStage}: {told} {await run.DescribeAsync()}");
    }

    [Fact]
    public async Task Worker_KilledBeforeItsFirstCheckpoint_BeginsAgain()
    {
        Node.Require();
        PretrainHandle run = await Space.StartSmallRunAsync(manifests => manifests.Replace("everySteps: 8", "everySteps: 1000", StringComparison.Ordinal));
        WorkerPod pod = await run.WaitForStepAsync("mae", 2);

        pod.Signal(Signals.Kill);

        string told = await run.WaitForEventAsync(nameof(Reason.Killed));
        await run.AssertEndsUndisturbedAsync(2, 1);
        await AssertPaidAsync(run, application: 0, infrastructure: 1, Reason.Killed, exitCode: 137);
        Say($"kill -9 before the first checkpoint: {told} {await run.DescribeAsync()}");
    }

    [Fact]
    public async Task Worker_OverItsMemoryLimit_IsPaidByTheApplication()
    {
        Node.Require();
        PretrainHandle run = await Space.StartSmallRunAsync();
        WorkerPod pod = await run.WaitForStepAsync("mae", MidStage);

        await pod.SqueezeMemoryAsync(TestContext.Current.CancellationToken);

        string told = await run.WaitForEventAsync(nameof(Reason.OutOfMemory));
        Assert.Contains("spec.compute.limits.memory", told, StringComparison.Ordinal);
        await run.AssertEndsUndisturbedAsync(2, 1);
        await AssertPaidAsync(run, application: 1, infrastructure: 0, Reason.OutOfMemory, exitCode: 137);
        Say($"memory limit lowered under the worker: {told} {await run.DescribeAsync()}");
    }

    [Fact]
    public async Task Worker_ThatNeverHasTheMemoryItNeeds_EndsTheRunWithWhatToDo()
    {
        PretrainHandle run = await Space.StartSmallRunAsync(manifests => manifests
            .Replace("    threads: 1\n", "    threads: 1\n    limits: {memory: 64Mi}\n", StringComparison.Ordinal)
            .Replace("restart: {", "restart: {application: 1, ", StringComparison.Ordinal));

        RunStatus status = await run.WaitForConditionAsync("Ready", "False", nameof(Reason.ApplicationBudgetExhausted), timeoutSeconds: 300);

        string said = status.Conditions.Of("Ready")!.Message;
        Assert.Contains("spec.restart.application (1) is used up", said, StringComparison.Ordinal);
        Assert.Contains("spec.compute.limits.memory", said, StringComparison.Ordinal);
        Assert.Equal(2, await run.CountJobsAsync());
        Say($"64 MiB of memory: {said} {await run.DescribeAsync()}");
    }

    [Fact]
    public async Task Pod_Evicted_WritesACheckpointAndGoesOn()
    {
        PretrainHandle run = await Space.StartSmallRunAsync();
        WorkerPod pod = await run.WaitForStepAsync("mae", MidStage);

        await EvictAsync(pod);

        bool saysDisruption = await SaysDisruptionAsync();
        string told = await run.WaitForEventAsync(saysDisruption ? nameof(Reason.Disrupted) : nameof(Reason.DeletedByOthers));
        await run.AssertEndsUndisturbedAsync(2, 1);
        RunStatus status = await run.StatusAsync();
        Assert.Equal((0, 1), (status.Restarts!.Application, status.Restarts.Infrastructure));
        int step = await run.StepGoneOnFromAsync("mae", attempt: 2);
        if (saysDisruption)
        {
            Assert.Equal(42, status.Restarts.Last!.ExitCode);
        }

        // An older Job controller starts another pod of the same attempt beside the one that ends, which may take the artifacts from it.
        Assert.True(step >= (saysDisruption ? MidStage : 8), $"attempt 2 went on after step {step}: the evicted worker left no checkpoint of the step that it was at");
        Say($"evicted by the API, gone on after step {step}: {told} {await run.DescribeAsync()}");
    }

    [Fact]
    public async Task Job_DeletedByOthers_IsMadeAgainAsTheNextAttempt()
    {
        PretrainHandle run = await Space.StartSmallRunAsync();
        WorkerPod pod = await run.WaitForStepAsync("mae", MidStage);

        await Space.Kubectl.RunAsync("delete", "job", pod.Job, "--wait=false");

        string told = await run.WaitForEventAsync(nameof(Reason.DeletedByOthers));
        await run.AssertEndsUndisturbedAsync(2, 1);
        await AssertPaidAsync(run, application: 0, infrastructure: 1, Reason.DeletedByOthers, exitCode: null);
        Say($"kubectl delete job: {told} {await run.DescribeAsync()}");
    }

    private static async Task AssertPaidAsync(PretrainHandle run, int application, int infrastructure, Reason cause, int? exitCode)
    {
        RestartStatus restarts = (await run.StatusAsync()).Restarts!;
        Assert.Equal((application, infrastructure, cause.ToString()), (restarts.Application, restarts.Infrastructure, restarts.Last!.Cause));
        Assert.True(exitCode is null || exitCode == restarts.Last.ExitCode, $"the last exit code is {restarts.Last.ExitCode}, not {exitCode}");
    }

    /// <summary>What draining a node does to a pod.</summary>
    private async Task EvictAsync(WorkerPod pod)
    {
        string versions = await Lab.Kubectl.RunAsync("api-resources", "--api-group", "policy", "--output", "wide");
        string version = versions.Contains("policy/v1 ", StringComparison.Ordinal) ? "policy/v1" : "policy/v1beta1";
        string eviction = JsonSerializer.Serialize(new { apiVersion = version, kind = "Eviction", metadata = new { name = pod.Name, @namespace = Space.Name } });
        await Shell.RunAsync("kubectl", ["create", "--raw", $"/api/v1/namespaces/{Space.Name}/pods/{pod.Name}/eviction", "--filename", "-"], eviction);
    }

    /// <summary>Whether the server tells an eviction from any other deletion (from Kubernetes 1.26).</summary>
    private async Task<bool> SaysDisruptionAsync() =>
        JsonDocument.Parse(await Lab.Kubectl.RunAsync("get", "--raw", "/version")).RootElement.GetProperty("minor").GetString() is { } minor
        && int.Parse(minor.TrimEnd('+')) >= 26;
}
