using System.Text;
using Ppma.Api;
using Ppma.Api.Conditions;
using Ppma.Api.Tasks;

namespace Ppma.Operator.Tests.Datasets;

/// <summary>From a manifest to a data set that runs may use.</summary>
public sealed class VerificationTests
{
    [Fact]
    public async Task Reconcile_FreshDataset_CreatesItsTaskAndAJobInThreeRequests()
    {
        var cluster = new DatasetCluster();

        await cluster.SettleAsync();

        var job = cluster.Job();
        Assert.Equal(
            [$"POST ConfigMap {cluster.Maps.OnServer.Single().Metadata.NamespaceProperty}/{cluster.Maps.OnServer.Single().Metadata.Name}", $"POST Job team/{job.Metadata.Name}", "PUT VideoDataset team/figures"],
            cluster.Api.Requests);
        Assert.Matches("^figures-verify-[0-9a-f]{6}-a1$", job.Metadata.Name);
        Assert.Equal("Unknown WaitingForPod", cluster.Ready);
        Assert.True(cluster.Status.Conditions.Is(ConditionType.Reconciling, ConditionStatus.True));
        Assert.Equal((1, 1L, job.Metadata.Name), (cluster.Status.Attempt, cluster.Status.ObservedGeneration, cluster.Status.JobRef?.Name));
    }

    [Fact]
    public async Task Reconcile_Again_MakesNoRequest()
    {
        var cluster = new DatasetCluster();
        await cluster.SettleAsync();
        var before = cluster.Api.Requests.Count;

        await cluster.SettleAsync();

        Assert.Equal(before, cluster.Api.Requests.Count);
    }

    [Fact]
    public async Task Reconcile_TaskOfTheJob_IsOneThatAWorkerTakes()
    {
        var cluster = new DatasetCluster();
        await cluster.SettleAsync();

        var map = cluster.Maps.OnServer.Single();
        var task = TaskJson.ReadTask(Encoding.UTF8.GetBytes(map.Data["verify.json"]), "verify.json");
        var pod = cluster.Job().Spec.Template.Spec;

        Assert.True(map.Immutable);
        Assert.Equal("https://account.blob.core.windows.net/data/figures", task.VerifyDataset!.Uri);
        Assert.Equal("storage/sas", task.VerifyDataset.Credentials);
        Assert.Null(task.VerifyDataset.ExpectedDigest);
        Assert.StartsWith("file:///ppma/scratch/", task.ArtifactsUri, StringComparison.Ordinal);
        Assert.Equal((map.Metadata.Name, "verify.json"), (pod.Volumes[0].ConfigMap.Name, pod.Volumes[0].ConfigMap.Items[0].Key));
        Assert.Contains(pod.Volumes, volume => volume.Secret?.SecretName == "storage");
        Assert.Equal("100m", pod.Containers[0].Resources.Requests["cpu"].ToString());
    }

    [Fact]
    public async Task Reconcile_Success_WritesWhatWasFoundAndClearsTheJob()
    {
        var cluster = await new DatasetCluster().VerifiedAsync();

        Assert.Equal("True DatasetVerified", cluster.Ready);
        Assert.Equal(
            (DatasetCluster.Digest, 48L, 3, 1L << 20, 8, Humans.Synthetic, 1L),
            (cluster.Status.Digest, cluster.Status.Samples, cluster.Status.Shards, cluster.Status.Bytes, cluster.Status.Classes, cluster.Status.Humans, cluster.Status.VerifiedGeneration));
        Assert.Equal(new Dictionary<string, long> { ["test"] = 8, ["train"] = 40 }, cluster.Status.Splits);
        Assert.Equal(cluster.Now, cluster.Status.LastVerifiedTime);
        Assert.Null(cluster.Status.JobRef);
        Assert.Null(cluster.Status.NextVerificationTime);
        Assert.Empty(cluster.Jobs.OnServer);
        Assert.Equal(["Ready", "SpecAccepted", "Verified", "Attested"], cluster.Status.Conditions.Select(condition => condition.Type));
        Assert.All(cluster.Status.Conditions, condition => Assert.Equal("True", condition.Status));
        Assert.Equal([$"Normal DatasetVerified: Index {DatasetCluster.Digest}: 48 clips (test 8, train 40) of 8 classes in 3 shards."], cluster.Events);
    }

    [Fact]
    public async Task Reconcile_WorkerRuns_SaysSo()
    {
        var cluster = new DatasetCluster();
        await cluster.SettleAsync();
        cluster.Pod(new() { Running = new() { StartedAt = cluster.Now } }, "Running");

        await cluster.SettleAsync();

        Assert.Equal("Unknown Verifying", cluster.Ready);
    }

    [Fact]
    public async Task Reconcile_SecretIsMissing_SaysSoInTheNodesWords()
    {
        var cluster = new DatasetCluster();
        await cluster.SettleAsync();
        cluster.Pod(new() { Waiting = new() { Reason = "ContainerCreating" } });
        cluster.ObjectEvents.Add(new() { Reason = "FailedMount", Message = "MountVolume.SetUp failed for volume \"secret-0\" : secret \"storage\" not found", LastTimestamp = cluster.Now });

        Assert.True(await cluster.SettleAsync() <= TimeSpan.FromSeconds(30));
        await cluster.PassAsync(TimeSpan.FromSeconds(31));

        Assert.Equal("Unknown MissingSecret", cluster.Ready);
        Assert.Contains("secret \"storage\" not found", cluster.Condition(ConditionType.Ready)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reconcile_ImageThatIsNotThere_IsGivenUpAndMadeAnewFromTheSettingsAsTheyAre()
    {
        var cluster = new DatasetCluster();
        await cluster.SettleAsync();
        cluster.Pod(new() { Waiting = new() { Reason = "ImagePullBackOff", Message = "no such image" } });
        await cluster.SettleAsync();
        Assert.Equal("Unknown ImagePullFailed", cluster.Ready);

        await cluster.PassAsync(TimeSpan.FromMinutes(11));
        Assert.Empty(cluster.Jobs.OnServer);
        Assert.Equal("False VerificationFailed", cluster.Ready);
        Assert.Contains("no such image", cluster.Condition(ConditionType.Ready)!.Message, StringComparison.Ordinal);

        await cluster.PassAsync(TimeSpan.FromSeconds(15));
        Assert.EndsWith("-a2", cluster.Job().Metadata.Name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:figures", "SpecInvalid", "spec.uri: \"file:figures\" lies below a folder of one machine, and a pod may run on any; write a blob container URL, or file:///path with spec.volume")]
    [InlineData("file:///data/figures", "SpecInvalid", "spec.volume: is missing; nothing is at \"file:///data/figures\" in a pod unless a persistentVolumeClaim is mounted there")]
    public async Task Reconcile_PlaceThatNoPodHas_IsRefusedWithTheReason(string uri, string reason, string message)
    {
        var cluster = new DatasetCluster(DatasetCluster.Attested(DatasetCluster.Digest) with { Uri = uri, Credentials = null });

        await cluster.SettleAsync();

        Assert.Equal($"False {reason}", cluster.Ready);
        Assert.Equal(message, cluster.Condition(ConditionType.Ready)!.Message);
        Assert.True(cluster.Status.Conditions.Is(ConditionType.Stalled, ConditionStatus.True));
        Assert.Empty(cluster.Jobs.OnServer);
    }

    [Fact]
    public async Task Reconcile_FilesOnAVolume_AreMountedReadOnlyAtTheirOwnPath()
    {
        var cluster = new DatasetCluster(DatasetCluster.Attested(DatasetCluster.Digest) with
        {
            Uri = "file:///data/figures",
            Credentials = null,
            Volume = new() { PersistentVolumeClaim = new() { Name = "clips" } },
        });

        await cluster.SettleAsync();

        var pod = cluster.Job().Spec.Template.Spec;
        var volume = Assert.Single(pod.Volumes, volume => volume.PersistentVolumeClaim?.ClaimName == "clips");
        var mount = Assert.Single(pod.Containers[0].VolumeMounts, mount => mount.Name == volume.Name);
        Assert.Equal(("/data/figures", true), (mount.MountPath, mount.ReadOnlyProperty));
    }

    [Fact]
    public async Task Reconcile_IdentityThatRunsMayNotUse_IsRefusedUntilItIsAllowed()
    {
        var cluster = new DatasetCluster(DatasetCluster.Attested(DatasetCluster.Digest) with { Credentials = null, Verification = new() { ServiceAccountName = "reader" } });
        cluster.Accounts.Put(new() { Metadata = new() { Name = "reader", NamespaceProperty = "team" } });
        await cluster.SettleAsync();
        Assert.Equal("Unknown PodNotAllowed", cluster.Ready);
        Assert.Empty(cluster.Jobs.OnServer);

        cluster.Accounts.Put(new() { Metadata = new() { Name = "reader", NamespaceProperty = "team", Annotations = new Dictionary<string, string> { ["ppma.cloud/allow-runs"] = "true" } } });
        await cluster.PassAsync(TimeSpan.FromMinutes(2));

        Assert.Equal("reader", cluster.Job().Spec.Template.Spec.ServiceAccountName);
        Assert.Equal("True", cluster.Condition(ConditionType.SpecAccepted)!.Status);
    }

    [Fact]
    public async Task Reconcile_JobOfSomebodyElseByTheName_IsNamed()
    {
        var first = new DatasetCluster();
        await first.SettleAsync();
        var cluster = new DatasetCluster();
        cluster.Jobs.Put(new() { Metadata = new() { Name = first.Job().Metadata.Name, NamespaceProperty = "team" } });

        await cluster.SettleAsync();

        Assert.Equal("Unknown NameTaken", cluster.Ready);
        Assert.Contains(first.Job().Metadata.Name, cluster.Condition(ConditionType.Ready)!.Message, StringComparison.Ordinal);
    }
}
