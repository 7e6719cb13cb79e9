using k8s;
using Ppma.Api.Conditions;
using Ppma.Api.Resolution;
using Ppma.Api.Tasks;

namespace Ppma.Operator.Tests.Datasets;

/// <summary>A data set that was verified once, and what happens later.</summary>
public sealed class ReverificationTests
{
    private static readonly string Other = new('e', 64);

    [Fact]
    public async Task Reconcile_Interval_VerifiesAgainAndStaysReadyMeanwhile()
    {
        var cluster = await Every(3600).VerifiedAsync();
        var verified = cluster.Now;
        Assert.InRange(cluster.Status.NextVerificationTime!.Value - verified, TimeSpan.FromSeconds(3240), TimeSpan.FromSeconds(3600));
        var before = KubernetesJson.Serialize(cluster.Status.Conditions);

        await cluster.PassAsync(TimeSpan.FromHours(1));
        Assert.EndsWith("-a2", cluster.Job().Metadata.Name, StringComparison.Ordinal);
        Assert.Equal(before, KubernetesJson.Serialize(cluster.Status.Conditions));
        Assert.NotNull(DatasetFacts.Of(cluster.Dataset));

        cluster.Succeed();
        await cluster.SettleAsync();
        Assert.Equal(before, KubernetesJson.Serialize(cluster.Status.Conditions));
        Assert.Equal(verified.AddHours(1), cluster.Status.LastVerifiedTime);
        Assert.Single(cluster.Events);
    }

    [Fact]
    public async Task Reconcile_BytesChangedUnderTheAttestation_IsNotReady()
    {
        var cluster = await Every(3600).VerifiedAsync();
        await cluster.PassAsync(TimeSpan.FromHours(1));
        cluster.Succeed(DatasetCluster.Found(Other));

        await cluster.SettleAsync();

        Assert.Equal("False AttestationMismatch", cluster.Ready);
        Assert.Equal(Other, cluster.Status.Digest);
    }

    [Fact]
    public async Task Reconcile_Asked_VerifiesOnceAndEchoesTheRequest()
    {
        var cluster = await new DatasetCluster().VerifiedAsync();
        cluster.Annotate("ppma.cloud/requestedAt", "monday");

        await cluster.VerifiedAsync();
        Assert.Equal(("monday", 2), (cluster.Status.LastHandledRequest, cluster.Status.Attempt));

        await cluster.PassAsync(TimeSpan.FromDays(1));
        Assert.Equal(2, cluster.Status.Attempt);
    }

    [Fact]
    public async Task Reconcile_AskedWhileItVerifies_VerifiesAgainAfterwards()
    {
        var cluster = new DatasetCluster();
        await cluster.SettleAsync();
        cluster.Annotate("ppma.cloud/requestedAt", "monday");
        await cluster.SettleAsync();
        Assert.Single(cluster.Jobs.OnServer);

        cluster.Succeed();
        await cluster.SettleAsync();

        Assert.Equal(("monday", 2, "True DatasetVerified"), (cluster.Status.LastHandledRequest, cluster.Status.Attempt, cluster.Ready));
    }

    [Fact]
    public async Task Reconcile_SpecChanged_IsNotReadyBeforeItIsVerifiedAsItStands()
    {
        var cluster = await new DatasetCluster().VerifiedAsync();
        cluster.Edit(spec => spec with { Uri = "https://account.blob.core.windows.net/data/others" });

        await cluster.SettleAsync();
        Assert.Equal("Unknown WaitingForPod", cluster.Ready);
        Assert.Null(DatasetFacts.Of(cluster.Dataset));
        var map = Assert.Single(cluster.Maps.OnServer);
        Assert.Contains("data/others", map.Data["verify.json"], StringComparison.Ordinal);
        Assert.EndsWith("-g2", map.Metadata.Name, StringComparison.Ordinal);

        cluster.Succeed();
        await cluster.SettleAsync();
        Assert.Equal(("True DatasetVerified", 2L), (cluster.Ready, cluster.Status.VerifiedGeneration));
    }

    [Fact]
    public async Task Reconcile_SpecChangedWhileItVerifies_DropsThatJob()
    {
        var cluster = new DatasetCluster();
        await cluster.SettleAsync();
        cluster.Edit(spec => spec with { Uri = "https://account.blob.core.windows.net/data/others" });

        await cluster.SettleAsync();

        Assert.EndsWith("-a2", Assert.Single(cluster.Jobs.OnServer).Metadata.Name, StringComparison.Ordinal);
        Assert.Equal(2, cluster.Status.Attempt);
    }

    [Fact]
    public async Task Reconcile_StorageFails_LeavesReadyWhatWasReadyAndTriesSoon()
    {
        var cluster = await Every(3600).VerifiedAsync();
        await cluster.PassAsync(TimeSpan.FromHours(1));
        cluster.Fail(ExitCodes.StorageOrNetwork, "account.blob.core.windows.net does not answer");

        var wait = await cluster.SettleAsync();

        Assert.Equal("True DatasetVerified", cluster.Ready);
        Assert.Contains("does not answer", cluster.Condition(ConditionType.Verified)!.Message, StringComparison.Ordinal);
        Assert.True(cluster.Status.Conditions.Is(ConditionType.Verified, ConditionStatus.False));
        Assert.True(wait <= TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Reconcile_IndexIsGone_IsNotReadyAndTriesLater()
    {
        var cluster = await Every(3600).VerifiedAsync();
        await cluster.PassAsync(TimeSpan.FromHours(1));
        cluster.Fail(ExitCodes.BadSpec, "there is no index.json");

        var wait = await cluster.SettleAsync();

        Assert.Equal("False VerificationFailed", cluster.Ready);
        Assert.Contains("there is no index.json", cluster.Condition(ConditionType.Ready)!.Message, StringComparison.Ordinal);
        Assert.True(cluster.Status.Conditions.Is(ConditionType.Reconciling, ConditionStatus.True));
        Assert.InRange(wait!.Value, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Reconcile_FailsAgainAndAgain_NeverGivesUp()
    {
        var cluster = new DatasetCluster();
        TimeSpan? wait = null;
        for (var failures = 1; failures <= 50; failures++)
        {
            await cluster.SettleAsync();
            Assert.Equal(failures, cluster.Status.Attempt);
            cluster.Fail(ExitCodes.DataDigestMismatch, "a shard is damaged");
            await cluster.SettleAsync();
            Assert.Equal(failures, cluster.Status.Failures);
            wait = cluster.Status.NextVerificationTime - cluster.Now;
            cluster.Time.Advance(wait!.Value);
        }

        Assert.InRange(wait!.Value, TimeSpan.FromMinutes(54), TimeSpan.FromHours(1));
        Assert.Single(cluster.Jobs.OnServer);
    }

    [Fact]
    public async Task Reconcile_FailureBehindIt_ForgetsItAtSuccess()
    {
        var cluster = new DatasetCluster();
        await cluster.SettleAsync();
        cluster.Fail(ExitCodes.BadSpec, "there is no index.json");
        await cluster.SettleAsync();
        Assert.Equal("False VerificationFailed", cluster.Ready);
        await cluster.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(2, cluster.Jobs.OnServer.Count);
        cluster.Succeed();

        await cluster.SettleAsync();

        Assert.Equal(("True DatasetVerified", 0), (cluster.Ready, cluster.Status.Failures));
        Assert.Null(cluster.Condition(ConditionType.Reconciling));
        Assert.Empty(cluster.Jobs.OnServer);
    }

    [Fact]
    public async Task Reconcile_FailedJob_KeepsItsLogForAnHour()
    {
        var cluster = new DatasetCluster();
        await cluster.SettleAsync();
        cluster.Fail(ExitCodes.BadSpec, "there is no index.json");
        await cluster.SettleAsync();
        Assert.Single(cluster.Jobs.OnServer);

        cluster.Time.Advance(TimeSpan.FromMinutes(59));
        cluster.Edit(spec => spec with { Uri = "file:figures", Credentials = null });
        await cluster.SettleAsync();

        Assert.Empty(cluster.Jobs.OnServer);
    }

    [Fact]
    public async Task Reconcile_JobDeletedByOthers_BeginsAgain()
    {
        var cluster = new DatasetCluster();
        await cluster.SettleAsync();
        cluster.Jobs.Remove(Controllers.ObjectKey.Of(cluster.Job()));

        await cluster.SettleAsync();
        await cluster.PassAsync(TimeSpan.FromSeconds(15));

        Assert.EndsWith("-a2", Assert.Single(cluster.Jobs.OnServer).Metadata.Name, StringComparison.Ordinal);
    }

    private static DatasetCluster Every(int seconds) => new(DatasetCluster.Attested(DatasetCluster.Digest) with { VerifyIntervalSeconds = seconds });
}
