using Ppma.Api.Datasets;

namespace Ppma.Api.Validation;

/// <summary>Rules of a VideoDataset beyond its type.</summary>
internal static class VideoDatasetRules
{
    public static void Check(VideoDatasetSpec spec, Findings findings)
    {
        UriRules.Check(spec.Uri, "spec.uri", findings);
        findings.Require(
            spec.Credentials is null || !spec.Uri.StartsWith("file:", StringComparison.Ordinal), "spec.credentials",
            "have no meaning for files; leave them out");
        findings.Require(
            spec.Volume is null || spec.Uri.StartsWith("file:///", StringComparison.Ordinal), "spec.volume",
            "has a meaning only for file:///absolute/path; leave it out");
        foreach (var (split, samples) in spec.Expected?.Samples ?? new Dictionary<string, long>())
        {
            findings.Require(samples >= 0, $"spec.expected.samples[{split}]", $"is {samples}; it must be at least 0");
        }

        if (spec.Attestation is null && spec.Humans is { } humans && humans != Humans.Real)
        {
            findings.Add(
                "spec.attestation",
                $"is missing; for humans: {humans} somebody must attest it: method, by, when, and the indexDigest that \"ppma dataset verify\" prints");
        }
    }
}
