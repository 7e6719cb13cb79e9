using Ppma.Api.Datasets;
using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;
using Ppma.Api.Resolution;

namespace Ppma.Api.Validation;

/// <summary>Rules of a PretrainRun beyond its type.</summary>
internal static class PretrainRunRules
{
    public static void Check(PretrainRun run, Manifest manifest, ManifestSet set, Findings findings)
    {
        var spec = run.Spec;
        RunRules.Check(spec, findings);
        RecipeRules.Model(spec.Model, "spec.model", findings);
        if (spec.Weights is { } weights)
        {
            WeightsRules.Check(weights, manifest, set, findings);
            findings.Require(
                spec.ResumeFrom is null, "spec.resumeFrom", "stands beside weights; a run that goes on has its weights already: keep one of them");
        }

        if (spec.ResumeFrom?.Run is { } resumed
            && References.Run(resumed.Name, "spec.resumeFrom.run.name", manifest, set, findings) is { } ended)
        {
            References.NoCycle(ended, "spec.resumeFrom.run.name", manifest, set, findings);
        }

        ValidationRules.Best(spec, findings);
        for (var i = 0; i < spec.Stages.Count; i++)
        {
            var stage = spec.Stages[i];
            var path = $"spec.stages[{i}]";
            StageRules.Check(stage, spec.Model, path, manifest, set, findings);
            findings.Require(
                stage.Name.Length == 0 || spec.Stages.Take(i).All(earlier => earlier.Name != stage.Name),
                $"{path}.name", $"\"{stage.Name}\" is taken by an earlier stage; names are unique in a run");
        }

        if (spec.Privacy.RealHumans == RealHumans.Forbidden)
        {
            Privacy(run, manifest, set, findings);
        }
    }

    private static void Privacy(PretrainRun run, Manifest manifest, ManifestSet set, Findings findings)
    {
        for (var i = 0; i < run.Spec.Stages.Count; i++)
        {
            var stage = run.Spec.Stages[i];
            for (var j = 0; j < stage.Datasets.Count; j++)
            {
                NoRealHumans(stage.Datasets[j].Name, $"spec.stages[{i}].datasets[{j}].name");
            }

            NoRealHumans(stage.Validation?.Dataset?.Name, $"spec.stages[{i}].validation.dataset.name");
        }

        foreach (var (field, _) in run.Spec.Weights?.Checkpoints() ?? [])
        {
            findings.Add(
                $"spec.weights.{field}",
                "has no record of what it was trained on (WeightsProvenanceUnknown), which spec.privacy.realHumans: Forbidden rules out; start from a run, or write Allowed");
        }

        foreach (var source in RunReferences.Of(run))
        {
            var line = set.Find<PretrainRun>(manifest.Namespace, source.Name)?.Resource is PretrainRun earlier ? Ancestry.Of(earlier, manifest.Namespace, set) : [];
            if (line.FirstOrDefault(ancestor => ancestor.Spec.Privacy.RealHumans == RealHumans.Allowed) is { } tainted)
            {
                findings.Add(
                    $"{source.Path}.name",
                    $"the weights go back to PretrainRun \"{tainted.Metadata.Name}\", which allowed real humans; spec.privacy.realHumans: Forbidden rules that out");
            }
        }

        void NoRealHumans(string? name, string path)
        {
            if (name is not null && set.Find<VideoDataset>(manifest.Namespace, name)?.Resource is VideoDataset { Spec.Humans: Humans.Real })
            {
                findings.Add(
                    path,
                    $"VideoDataset \"{name}\" shows real humans, which spec.privacy.realHumans: Forbidden rules out; take another data set, or write Allowed");
            }
        }
    }
}
