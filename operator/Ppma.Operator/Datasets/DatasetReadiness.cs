using System.Globalization;
using Ppma.Api;
using Ppma.Api.Conditions;
using Ppma.Api.Datasets;
using Ppma.Api.Tasks;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Datasets;

/// <summary>Whether runs may use a data set: what was found, held against what its manifest says.</summary>
internal static class DatasetReadiness
{
    /// <summary>The condition Attested; null for footage of real people, which needs no attestation.</summary>
    public static Finding? Attested(VideoDatasetSpec spec, string digest) => spec switch
    {
        { Humans: Humans.Real } => null,
        { Attestation: null } => Finding.False(
            ConditionType.Attested, Reason.AttestationMissing,
            $"spec.attestation: is missing; for humans: {spec.Humans} somebody must attest it. Look at the footage, then write method, by, when and indexDigest: {digest}, or write humans: Real."),
        { Attestation.IndexDigest: Attestation.TrustOnFirstUse } => Finding.False(
            ConditionType.Attested, Reason.AttestationNotPinned,
            $"spec.attestation.indexDigest: TrustOnFirstUse names no bytes, which only \"ppma run\" takes. Look at the footage, then write indexDigest: {digest}."),
        { Attestation: { } attestation } when attestation.IndexDigest != digest => Finding.False(
            ConditionType.Attested, Reason.AttestationMismatch,
            $"spec.attestation.indexDigest: is {attestation.IndexDigest}, and the index that is there has {digest}. Bring back the version that was attested, or have this one attested and write its digest."),
        { Attestation: { } attestation } => Finding.True(
            ConditionType.Attested, Reason.AttestationMatches, $"Attested by {attestation.By} for index {digest}."),
    };

    /// <summary>The condition Ready.</summary>
    public static Finding Ready(VideoDatasetSpec spec, DatasetOutcome found)
    {
        if (Unexpected(spec, found).ToList() is { Count: > 0 } differences)
        {
            return Finding.False(ConditionType.Ready, Reason.DatasetUnexpected, $"{string.Join("; ", differences)}. Correct the manifest, or bring the data that it means.");
        }

        return Attested(spec, found.Digest) is { Status: ConditionStatus.False } refused
            ? Finding.False(ConditionType.Ready, refused.Reason, refused.Message)
            : Finding.True(ConditionType.Ready, Reason.DatasetVerified, Describe(found));
    }

    /// <summary>What was found, in a sentence.</summary>
    public static string Describe(DatasetOutcome found)
    {
        var splits = found.Splits.OrderBy(split => split.Key, StringComparer.Ordinal).Select(split => Text($"{split.Key} {split.Value}"));
        return Text($"Index {found.Digest}: {found.Samples} clips ({string.Join(", ", splits)}) of {found.Classes} classes in {found.Shards} shards.");
    }

    private static IEnumerable<string> Unexpected(VideoDatasetSpec spec, DatasetOutcome found)
    {
        if (spec.Humans != found.Humans)
        {
            yield return $"spec.humans: is {spec.Humans}, and the index says {found.Humans}";
        }

        foreach (var difference in spec.Expected?.Differences(found.Splits, found.Classes) ?? [])
        {
            yield return $"spec.expected.{difference}";
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
