using Ppma.Api.Datasets;
using Ppma.Api.Pretraining;
using Ppma.Api.Resolution;
using Ppma.Api.Runs;

namespace Ppma.Api.Tests.Resolution;

public sealed class PrivacyGateTests
{
    private static readonly string Digest = new('a', 64);

    public static TheoryData<Humans, string?, bool, string?> Cases => new()
    {
        { Humans.None, Digest, false, null },
        { Humans.Removed, Digest, false, null },
        { Humans.Synthetic, Digest, false, null },
        { Humans.Real, Digest, false, "real humans" },
        { Humans.Real, null, true, "real humans" },
        { Humans.Removed, null, true, "AttestationMissing" },
        { Humans.Removed, new string('b', 64), true, "AttestationMismatch" },
        { Humans.Removed, Attestation.TrustOnFirstUse, true, null },
        { Humans.Removed, Attestation.TrustOnFirstUse, false, "AttestationNotPinned" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Decide_OneDataset_PassesOnlyWhatIsAttestedForItsBytes(Humans humans, string? attested, bool trustOnFirstUse, string? refused)
    {
        var status = PrivacyGate.Decide(RealHumans.Forbidden, [("data", Spec(humans, attested), Digest)], weights: [], trustOnFirstUse);

        Assert.Equal(refused is null ? PrivacyDecision.Passed : PrivacyDecision.Refused, status.Decision);
        var input = Assert.Single(status.Inputs);
        Assert.Equal(Digest, input.Digest);
        if (refused is null)
        {
            Assert.Null(input.Reason);
        }
        else
        {
            Assert.Contains(refused, input.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Decide_RealHumansAllowed_ClaimsNothing()
    {
        var status = PrivacyGate.Decide(RealHumans.Allowed, [("data", Spec(Humans.Real, null), Digest)], weights: [], trustOnFirstUse: false);

        Assert.Equal(PrivacyDecision.NotClaimed, status.Decision);
    }

    [Theory]
    [InlineData(PrivacyDecision.Passed, PrivacyDecision.Passed)]
    [InlineData(PrivacyDecision.NotClaimed, PrivacyDecision.Refused)]
    [InlineData(PrivacyDecision.Refused, PrivacyDecision.Refused)]
    public void Decide_WeightsOfARun_AreAsCleanAsThatRun(PrivacyDecision source, PrivacyDecision expected)
    {
        var weights = PrivacyGate.FromRun("earlier", Digest, new PrivacyStatus { Decision = source });

        Assert.Equal(expected, PrivacyGate.Decide(RealHumans.Forbidden, [], [weights], trustOnFirstUse: false).Decision);
    }

    [Fact]
    public void Decide_ACheckpointFromOutside_IsRefusedForItsUnknownProvenance()
    {
        var status = PrivacyGate.Decide(RealHumans.Forbidden, [], [PrivacyGate.FromCheckpoint("file:///weights.pt", Digest)], trustOnFirstUse: true);

        Assert.Contains("WeightsProvenanceUnknown", Assert.Single(status.Inputs).Reason, StringComparison.Ordinal);
    }

    private static VideoDatasetSpec Spec(Humans humans, string? attested) => new()
    {
        Uri = "file:data",
        Humans = humans,
        Attestation = attested is null ? null : new Attestation { Method = "Rendered", By = "us", When = DateTime.UnixEpoch, IndexDigest = attested },
    };
}
