using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.EndToEnd.Lab;

namespace Ppma.EndToEnd.Faults;

/// <summary>What a pod waits for is in the run's conditions, and a deadline ends the wait.</summary>
public sealed class WaitingTests(Laboratory lab) : LabTest(lab)
{
    [Fact]
    public async Task Secret_ThatIsMissing_IsNamed_AndTheRunBeginsWhenItComes()
    {
        const string Secret = "to-come";
        PretrainHandle run = await Space.StartSmallRunAsync(manifests => manifests.ReplaceFirst(
            $"/{BlobStore.Artifacts}\", credentials: {{secret: {{name: {Space.Secret}, ", $"/{BlobStore.Artifacts}\", credentials: {{secret: {{name: {Secret}, "));

        RunStatus status = await run.WaitForConditionAsync("Progressing", "False", nameof(Reason.MissingSecret));
        string said = status.Conditions.Of("Progressing")!.Message;
        Assert.Contains($"\"{Secret}\" not found", said, StringComparison.Ordinal);

        await Space.SetSecretAsync(Secret, Space.SecretKey, BlobStore.ConnectionString);
        await run.WaitForStepAsync("mae", 1);
        Assert.Equal(1, (await run.StatusAsync()).Stages[0].Attempt);
        Say($"MissingSecret: {said} The Secret came: the same attempt begins.");
    }

    [Fact]
    public async Task Image_ThatCannotBePulled_IsNamed_UntilTheStartupDeadlineEndsTheRun()
    {
        const string Image = "images.invalid/worker:none";
        PretrainHandle run = await Space.StartSmallRunAsync(manifests => manifests
            .ReplaceFirst("    threads: 1\n", $"    threads: 1\n    image: {Image}\n")
            .ReplaceFirst("restart: {", "deadlines: {startupSeconds: 20}\n  restart: {infrastructure: 0, "));

        RunStatus waiting = await run.WaitForConditionAsync("Progressing", "False", nameof(Reason.ImagePullFailed));
        string said = waiting.Conditions.Of("Progressing")!.Message;
        Assert.Contains(Image, said, StringComparison.Ordinal);

        RunStatus status = await run.WaitForConditionAsync("Ready", "False", nameof(Reason.InfrastructureBudgetExhausted));
        string end = status.Conditions.Of("Ready")!.Message;
        Assert.Contains("spec.deadlines.startupSeconds (20 s", end, StringComparison.Ordinal);
        Assert.Contains(Image, end, StringComparison.Ordinal);
        Assert.Equal("", await Space.Kubectl.RunAsync("get", "pods", "--selector", "ppma.cloud/kind=PretrainRun", "--output", "name"));
        Say($"ImagePullFailed: {said} InfrastructureBudgetExhausted: {end}");
    }

    [Fact]
    public async Task Claim_ThatIsNotThere_IsNamed_UntilTheRunIsCancelled()
    {
        PretrainHandle run = await Space.StartSmallRunAsync(manifests => manifests.ReplaceFirst(
            $"{{uri: \"{BlobStore.InCluster(BlobStore.Artifacts)}\", credentials: {{secret: {{name: {Space.Secret}, key: {Space.SecretKey}}}}}}}",
            "{uri: \"file:///artifacts\", volume: {persistentVolumeClaim: {name: nowhere}}}"));

        RunStatus status = await run.WaitForConditionAsync("Scheduled", "False", nameof(Reason.Unschedulable));
        string said = status.Conditions.Of("Scheduled")!.Message;
        Assert.Contains("persistentvolumeclaim \"nowhere\" not found", said, StringComparison.Ordinal);

        await Space.Kubectl.PatchAsync("pretrainrun", run.Name, """{"spec": {"cancel": true}}""");
        await run.WaitForConditionAsync("Ready", "False", nameof(Reason.Cancelled));
        Assert.Equal("", await Space.Kubectl.RunAsync("get", "pods", "--selector", "ppma.cloud/kind=PretrainRun", "--output", "name"));
        Say($"Unschedulable: {said} Cancelled: no pod is left.");
    }
}
