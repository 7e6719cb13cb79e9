using Ppma.Api.Datasets;
using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;

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

    /// <summary>The PretrainRun, or null after saying that it is not in the set.</summary>
    public static PretrainRun? Run(string name, string path, Manifest manifest, ManifestSet set, Findings findings)
    {
        var run = set.Find<PretrainRun>(manifest.Namespace, name)?.Resource as PretrainRun;
        if (name.Length == 0 || run is not null)
        {
            return run;
        }

        var known = set.Manifests.Where(other => other.Resource is PretrainRun && other.Namespace == manifest.Namespace).Select(other => other.Name).ToList();
        findings.Add(path, $"there is no PretrainRun \"{name}\" in namespace {manifest.Namespace} of these manifests{Spelling.Suggest(name, known)}");
        return null;
    }

    /// <summary>Says so where the run that is named goes back to the one that names it.</summary>
    public static void NoCycle(PretrainRun source, string path, Manifest manifest, ManifestSet set, Findings findings)
    {
        if (manifest.Resource is PretrainRun start && Ancestry.Chain(source, start, manifest.Namespace, set) is { Count: > 0 } chain)
        {
            findings.Add(
                path,
                $"the runs start from each other: {string.Join(" → ", chain.Prepend(start).Select(run => run.Metadata.Name))}; let one of them start from random: {{}}");
        }
    }
}
