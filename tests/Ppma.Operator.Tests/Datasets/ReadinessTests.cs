using Ppma.Api;
using Ppma.Api.Conditions;
using Ppma.Api.Datasets;

namespace Ppma.Operator.Tests.Datasets;

/// <summary>What was found, held against what the manifest says.</summary>
public sealed class ReadinessTests
{
    private static readonly string Other = new('e', 64);

    [Fact]
    public async Task Reconcile_AttestedForAnotherDigest_SaysBothAndWhatToDo()
    {
        var cluster = await new DatasetCluster(DatasetCluster.Attested(Other)).VerifiedAsync();

        Assert.Equal("False AttestationMismatch", cluster.Ready);
        Assert.Equal(
            $"spec.attestation.indexDigest: is {Other}, and the index that is there has {DatasetCluster.Digest}. Bring back the version that was attested, or have this one attested and write its digest.",
            cluster.Condition(ConditionType.Ready)!.Message);
        Assert.True(cluster.Status.Conditions.Is(ConditionType.Verified, ConditionStatus.True));
        Assert.True(cluster.Status.Conditions.Is(ConditionType.Attested, ConditionStatus.False));
        Assert.True(cluster.Status.Conditions.Is(ConditionType.Stalled, ConditionStatus.True));
        Assert.Equal(DatasetCluster.Digest, cluster.Status.Digest);
        Assert.StartsWith("Warning AttestationMismatch", cluster.Events.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reconcile_NobodyAttests_SaysTheDigestToAttest()
    {
        var cluster = await new DatasetCluster(DatasetCluster.Attested(Other) with { Attestation = null }).VerifiedAsync();

        Assert.Equal("False AttestationMissing", cluster.Ready);
        Assert.Contains($"indexDigest: {DatasetCluster.Digest}", cluster.Condition(ConditionType.Ready)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reconcile_TrustOnFirstUse_IsNotTaken()
    {
        var cluster = await new DatasetCluster(DatasetCluster.Attested(Attestation.TrustOnFirstUse)).VerifiedAsync();

        Assert.Equal("False AttestationNotPinned", cluster.Ready);
    }

    [Fact]
    public async Task Reconcile_RealPeople_NeedNoAttestation()
    {
        var cluster = new DatasetCluster(DatasetCluster.Attested(Other) with { Humans = Humans.Real, Attestation = null });
        await cluster.SettleAsync();
        cluster.Succeed(DatasetCluster.Found() with { Humans = Humans.Real });
        await cluster.SettleAsync();

        Assert.Equal("True DatasetVerified", cluster.Ready);
        Assert.Null(cluster.Condition(ConditionType.Attested));
    }

    [Fact]
    public async Task Reconcile_OtherHumansAndCounts_SaysAllOfThem()
    {
        var cluster = new DatasetCluster(DatasetCluster.Attested(DatasetCluster.Digest) with
        {
            Humans = Humans.None,
            Expected = new() { Classes = 9, Samples = new Dictionary<string, long> { ["train"] = 41, ["val"] = 1, ["test"] = 8 } },
        });
        await cluster.VerifiedAsync();

        Assert.Equal("False DatasetUnexpected", cluster.Ready);
        Assert.Equal(
            "spec.humans: is None, and the index says Synthetic; spec.expected.classes: 9, and its index has 8; spec.expected.samples.train: 41, and its index has 40; "
            + "spec.expected.samples.val: 1, and its index has 0. Correct the manifest, or bring the data that it means.",
            cluster.Condition(ConditionType.Ready)!.Message);
    }

    [Fact]
    public async Task Reconcile_AttestationCorrected_IsReadyAfterAnotherVerification()
    {
        var cluster = await new DatasetCluster(DatasetCluster.Attested(Other)).VerifiedAsync();
        cluster.Edit(spec => spec with { Attestation = spec.Attestation! with { IndexDigest = DatasetCluster.Digest } });

        await cluster.VerifiedAsync();

        Assert.Equal("True DatasetVerified", cluster.Ready);
        Assert.Null(cluster.Condition(ConditionType.Stalled));
    }

    [Fact]
    public async Task Reconcile_MoreSplitsThanAStatusHolds_IsNoResult()
    {
        var cluster = new DatasetCluster();
        await cluster.SettleAsync();
        cluster.Succeed(DatasetCluster.Found() with { Splits = Enumerable.Range(0, 17).ToDictionary(i => $"split-{i}", _ => 1L) });
        await cluster.SettleAsync();

        Assert.Equal("False VerificationFailed", cluster.Ready);
        Assert.StartsWith("The index has 17 splits; a data set may have 16.", cluster.Condition(ConditionType.Ready)!.Message, StringComparison.Ordinal);
    }
}
