using Ppma.Api.Conditions;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Tests.Datasets;

/// <summary>The annotation <c>ppma.cloud/paused</c> keeps the operator away from a data set, and says so.</summary>
public sealed class PausedDatasetTests
{
    [Fact]
    public async Task Dataset_PausedFromTheStart_IsVerifiedWhenThePauseEnds()
    {
        var cluster = new DatasetCluster();
        cluster.Annotate(Labels.Paused, "true");
        Assert.Null(await cluster.SettleAsync());

        Assert.Empty(cluster.Jobs.OnServer);
        Assert.Equal("Unknown Paused", cluster.Ready);
        Assert.Contains("\"true\"", cluster.Condition(ConditionType.Stalled)!.Message, StringComparison.Ordinal);

        cluster.Annotate(Labels.Paused, "");
        await cluster.VerifiedAsync();

        Assert.Equal("True DatasetVerified", cluster.Ready);
        Assert.Null(cluster.Condition(ConditionType.Stalled));
    }

    [Fact]
    public async Task VerifiedDataset_Paused_StaysReadyAndIsNotVerifiedAgain()
    {
        var cluster = await new DatasetCluster().VerifiedAsync();
        var verified = cluster.Status.LastVerifiedTime;
        cluster.Annotate(Labels.Paused, "true");
        cluster.Annotate(Labels.RequestedAt, "now");
        await cluster.PassAsync(TimeSpan.FromDays(30));

        Assert.Equal(("True DatasetVerified", verified), (cluster.Ready, cluster.Status.LastVerifiedTime));
        Assert.Equal("Paused", cluster.Condition(ConditionType.Stalled)!.Reason);
        Assert.Empty(cluster.Jobs.OnServer);

        cluster.Annotate(Labels.Paused, "");
        await cluster.VerifiedAsync();

        Assert.Equal("now", cluster.Status.LastHandledRequest);
        Assert.Null(cluster.Condition(ConditionType.Stalled));
    }

    [Fact]
    public async Task DatasetThatRunsMayNotUse_AfterAPause_SaysAgainWhy()
    {
        var cluster = await new DatasetCluster(DatasetCluster.Attested(new('0', 64))).VerifiedAsync();
        Assert.Equal("AttestationMismatch", cluster.Condition(ConditionType.Stalled)!.Reason);

        cluster.Annotate(Labels.Paused, "true");
        await cluster.SettleAsync();
        Assert.Equal("False AttestationMismatch", cluster.Ready);
        Assert.Equal("Paused", cluster.Condition(ConditionType.Stalled)!.Reason);

        cluster.Annotate(Labels.Paused, "");
        await cluster.SettleAsync();
        Assert.Equal("AttestationMismatch", cluster.Condition(ConditionType.Stalled)!.Reason);
    }

    [Fact]
    public async Task DatasetWhoseVerificationFailed_AfterAPause_IsTriedAgain()
    {
        var cluster = new DatasetCluster();
        await cluster.SettleAsync();
        cluster.Fail(40, "storage does not answer");
        await cluster.SettleAsync();
        cluster.Annotate(Labels.Paused, "true");
        await cluster.PassAsync(TimeSpan.FromHours(2));
        Assert.Null(cluster.Condition(ConditionType.Reconciling));

        cluster.Annotate(Labels.Paused, "");
        await cluster.VerifiedAsync();

        Assert.Equal("True DatasetVerified", cluster.Ready);
    }
}
