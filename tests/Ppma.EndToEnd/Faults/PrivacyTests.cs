using System.Text;
using Azure.Storage.Blobs;
using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.EndToEnd.Lab;

namespace Ppma.EndToEnd.Faults;

/// <summary>What the privacy gate keeps out has no Job, no pod and no frozen task, ever.</summary>
public sealed class PrivacyTests(Laboratory lab) : LabTest(lab)
{
    [Fact, Trait("Smoke", "")]
    public async Task Run_ThatForbidsRealHumans_OverADataSetThatShowsThem_NeverHasAJob()
    {
        BlobContainerClient container = await Lab.Blobs.Azurite.CreateContainerAsync(Space.Name, Cancellation);
        await Lab.Data.UploadAsync("context", Space.Name);
        BlobClient index = container.GetBlobClient("context/index.json");
        string real = (await index.DownloadContentAsync(Cancellation)).Value.Content.ToString().ReplaceFirst("\"Removed\"", "\"Real\"");
        await index.UploadAsync(new BinaryData(Encoding.UTF8.GetBytes(real)), overwrite: true, Cancellation);

        PretrainHandle run = await Space.StartSmallRunAsync(manifests => manifests
            .ReplaceFirst($"{Data.UriOf("context")}\n", $"{Data.UriOf("context", Space.Name)}\n")
            .ReplaceFirst("humans: Removed", "humans: Real"));
        await Space.WaitAsync("videodataset/context");
        RunStatus status = await run.WaitForConditionAsync("PrivacyGatePassed", "False", nameof(Reason.PrivacyGateRefused));
        string said = status.Conditions.Of("PrivacyGatePassed")!.Message;

        // What is refused stays so when the operator looks again, and when another one does.
        await Lab.Chart.Kubectl.RunAsync("rollout", "restart", $"deployment/{Chart.Deployment}");
        await Lab.Chart.WaitUntilReadyAsync();
        await Space.Kubectl.RunAsync("annotate", run.Resource, "example.com/look=again");
        status = await run.WaitForConditionAsync("Stalled", "True", nameof(Reason.PrivacyGateRefused));

        Assert.Contains("context", said, StringComparison.Ordinal);
        Assert.Equal(PrivacyDecision.Refused, status.Privacy!.Decision);
        Assert.Empty(status.Stages);
        await run.AssertNothingWasMadeAsync();
        Say($"PrivacyGateRefused: {said}; no Job, no pod, no task");
    }

    [Fact]
    public async Task Run_FromWeightsWithoutARecord_NeverHasAJob()
    {
        string digest = new('a', 64);
        string uri = $"{BlobStore.InCluster(BlobStore.Artifacts)}/somebody/elses/model.safetensors";
        PretrainHandle run = await Space.StartSmallRunAsync(manifests => manifests.ReplaceFirst(
            "  seed: 1\n", $"  seed: 1\n  weights: {{fromCheckpoint: {{uri: \"{uri}\", sha256: {digest}, objective: MaskedAutoencoding}}}}\n"));

        RunStatus status = await run.WaitForConditionAsync("PrivacyGatePassed", "False", nameof(Reason.WeightsProvenanceUnknown));
        string said = status.Conditions.Of("PrivacyGatePassed")!.Message;
        Assert.Contains(uri, said, StringComparison.Ordinal);
        await Space.WaitAsync("videodataset/context");
        await Space.WaitAsync("videodataset/synthetic");
        await run.WaitForConditionAsync("Stalled", "True", nameof(Reason.WeightsProvenanceUnknown));
        await run.AssertNothingWasMadeAsync();
        Say($"WeightsProvenanceUnknown: {said}; no Job, no pod, no task");
    }
}
