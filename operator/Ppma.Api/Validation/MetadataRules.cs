using System.Text.RegularExpressions;
using Ppma.Api.Datasets;
using Ppma.Api.Manifests;

namespace Ppma.Api.Validation;

/// <summary>Names, labels, and no two resources of one name.</summary>
internal static partial class MetadataRules
{
    public static void Check(Manifest manifest, ManifestSet set, Findings findings)
    {
        var metadata = manifest.Resource.Metadata;
        if (string.IsNullOrEmpty(metadata.Name))
        {
            findings.Add("metadata.name", "is missing");
        }
        else
        {
            var longest = manifest.Resource is VideoDataset ? 253 : NameRules.RunNameLength;
            findings.Require(metadata.Name.Length <= longest, "metadata.name", $"is {metadata.Name.Length} characters long; at most {longest} are allowed");
            findings.Require(
                Subdomain.IsMatch(metadata.Name), "metadata.name",
                $"\"{metadata.Name}\" is not allowed; use lower-case letters, digits, '-' and '.', a letter or digit at both ends");

            var first = set.Manifests.First(other =>
                other.Resource.Kind == manifest.Resource.Kind && other.Namespace == manifest.Namespace && other.Name == manifest.Name);
            findings.Require(
                ReferenceEquals(first, manifest), "metadata.name",
                $"{manifest.Resource.Kind} \"{manifest.Name}\" is already in {first.File}:{first.Document}; give one of them another name");
        }

        foreach (var (key, value) in metadata.Labels ?? new Dictionary<string, string>())
        {
            findings.Require(
                value.Length <= 63 && LabelValue.IsMatch(value), $"metadata.labels[{key}]",
                $"\"{value}\" is not allowed; use at most 63 letters, digits, '-', '_' and '.', a letter or digit at both ends");
        }
    }

    [GeneratedRegex(NameRules.Subdomain)]
    private static partial Regex Subdomain { get; }

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$")]
    private static partial Regex LabelValue { get; }
}
