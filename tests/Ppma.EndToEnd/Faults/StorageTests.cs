using Azure.Storage.Sas;
using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.EndToEnd.Lab;

namespace Ppma.EndToEnd.Faults;

/// <summary>The blob service goes away, or refuses what it took before.</summary>
public sealed class StorageTests(Laboratory lab) : LabTest(lab)
{
    private const BlobContainerSasPermissions Everything = BlobContainerSasPermissions.All;

    [Fact]
    public async Task BlobService_StartedAgainInTheMiddleOfAStage_ChangesNoLoss()
    {
        PretrainHandle run = await Space.StartSmallRunAsync();
        await run.WaitForStepAsync("mae", 12);

        await Lab.Blobs.Azurite.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(5), Cancellation);
        await Lab.Blobs.Azurite.StartAgainAsync(Cancellation);
        await run.WaitUntilReadyAsync(timeoutSeconds: 600);

        RunStatus status = await run.StatusAsync();
        await run.AssertEndsUndisturbedAsync([.. status.Stages.Select(stage => stage.Attempt)]);
        Say($"no blob service for 5 s in the middle of mae; {await run.DescribeAsync()}");
    }

    [Fact]
    public async Task Sas_RevokedUnderARun_IsNamed_AndItsSuccessorLetsTheRunGoOn()
    {
        const string Secret = "artifacts", Key = "sas";
        await Space.SetSecretAsync(Secret, Key, await Lab.Blobs.GrantSasAsync(BlobStore.Artifacts, "first", Everything));
        PretrainHandle run = await Space.StartSmallRunAsync(manifests => manifests.ReplaceFirst(
            $"/{BlobStore.Artifacts}\", credentials: {{secret: {{name: {Space.Secret}, key: {Space.SecretKey}}}}}",
            $"/{BlobStore.Artifacts}\", credentials: {{secret: {{name: {Secret}, key: {Key}}}}}"));
        await run.WaitForStepAsync("mae", 12);

        await Lab.Blobs.RevokeSasAsync(BlobStore.Artifacts);
        RunStatus refused = await run.WaitForAsync(status => status.Restarts?.Last?.Cause == nameof(Reason.StorageOrNetwork), "refused by the blob service", timeoutSeconds: 600);
        string said = (await Space.EventsOfAsync(run.Name)).Last(told => told.StartsWith(nameof(Reason.StorageOrNetwork), StringComparison.Ordinal));
        await Space.SetSecretAsync(Secret, Key, await Lab.Blobs.GrantSasAsync(BlobStore.Artifacts, "second", Everything));
        await run.WaitUntilReadyAsync(timeoutSeconds: 600);

        RunStatus status = await run.StatusAsync();
        Assert.Contains($"Secret '{Secret}', key '{Key}'", said, StringComparison.Ordinal);
        Assert.Equal(0, status.Restarts!.Application);
        await run.AssertEndsUndisturbedAsync([.. status.Stages.Select(stage => stage.Attempt)]);
        Say($"{said}; renewed: {await run.DescribeAsync()}");
    }
}
