using Ppma.Api.Datasets;
using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;

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
            for (var j = 0; j < run.Spec.Stages[i].Datasets.Count; j++)
            {
                var name = run.Spec.Stages[i].Datasets[j].Name;
                if (set.Find<VideoDataset>(manifest.Namespace, name)?.Resource is VideoDataset { Spec.Humans: Humans.Real })
                {
                    findings.Add(
                        $"spec.stages[{i}].datasets[{j}].name",
                        $"VideoDataset \"{name}\" shows real humans, which spec.privacy.realHumans: Forbidden rules out; take another data set, or write Allowed");
                }
            }
        }

        if (run.Spec.Weights?.FromCheckpoint is not null)
        {
            findings.Add(
                "spec.weights.fromCheckpoint",
                "has no record of what it was trained on (WeightsProvenanceUnknown), which spec.privacy.realHumans: Forbidden rules out; start from a run, or write Allowed");
        }

        foreach (var ancestor in WeightsRules.Ancestry(run, manifest.Namespace, set).Skip(1))
        {
            if (ancestor.Spec.Privacy.RealHumans == RealHumans.Allowed)
            {
                findings.Add(
                    "spec.weights.fromRun.name",
                    $"the weights go back to PretrainRun \"{ancestor.Metadata.Name}\", which allowed real humans; spec.privacy.realHumans: Forbidden rules that out");
                return;
            }
        }
    }
}
