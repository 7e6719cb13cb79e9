using Ppma.Api.Datasets;
using Ppma.Api.Manifests;

namespace Ppma.Api.Validation;

/// <summary>Names that must be those of other resources in the set.</summary>
internal static class References
{
    public static void Dataset(string name, string path, Manifest manifest, ManifestSet set, Findings findings)
    {
        if (name.Length == 0 || set.Find<VideoDataset>(manifest.Namespace, name) is not null)
        {
            return;
        }

        var known = set.Manifests
            .Where(other => other.Resource is VideoDataset && other.Namespace == manifest.Namespace)
            .Select(other => other.Name)
            .ToList();
        findings.Add(path, $"there is no VideoDataset \"{name}\" in namespace {manifest.Namespace} of these manifests{Spelling.Suggest(name, known)}");
    }
}
