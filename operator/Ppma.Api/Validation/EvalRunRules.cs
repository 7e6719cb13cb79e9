using Ppma.Api.Evaluation;
using Ppma.Api.Manifests;
using Ppma.Api.Recipes;

namespace Ppma.Api.Validation;

/// <summary>Rules of an EvalRun beyond its type.</summary>
internal static class EvalRunRules
{
    public static void Check(EvalRun run, Manifest manifest, ManifestSet set, Findings findings)
    {
        var spec = run.Spec;
        RunRules.Check(spec, findings);
        if (spec.Dataset is { } dataset)
        {
            References.Dataset(dataset.Name, "spec.dataset.name", manifest, set, findings);
        }

        findings.Require(
            spec.TrainSplit.Length == 0 || spec.TrainSplit != spec.TestSplit, "spec.testSplit",
            $"\"{spec.TestSplit}\" is also trainSplit; a model is never tested on what it was trained on");

        if (spec.Weights is { } weights)
        {
            WeightsRules.Check(weights, manifest, set, findings);
            if (weights.FromRun is not null)
            {
                findings.Require(spec.Model is null, "spec.model", "stands beside weights.fromRun, whose run decides the architecture; leave it out");
            }
            else if (weights.Random is not null || weights.FromCheckpoint is not null)
            {
                findings.Require(spec.Model is not null, "spec.model", $"is missing; without a run to take it from, name a preset: {string.Join(" | ", ModelPresets.All.Keys)}");
            }
        }

        if (spec.Model is { } model)
        {
            RecipeRules.Model(model, "spec.model", findings);
        }

        if (RecipeRules.Preset(spec.Preset, RecipeCatalog.Evaluations, "spec.preset", findings) is { } recipe)
        {
            findings.Require(
                spec.Protocol is null || spec.Protocol == recipe.Protocol, "spec.preset",
                $"\"{spec.Preset}\" is made for {recipe.Protocol}, not for {spec.Protocol}");
            RecipeRules.Overrides(spec, recipe, "spec", findings);
        }

        for (var i = 0; i < spec.RateCandidates?.Count; i++)
        {
            findings.Require(spec.RateCandidates[i] > 0, $"spec.rateCandidates[{i}]", $"is {spec.RateCandidates[i]}; a rate is above 0");
        }
    }
}
