using Ppma.Api.Evaluation;
using Ppma.Api.Manifests;
using Ppma.Api.Recipes;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;

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

        findings.Require(spec.Checkpoint.Best is null, "spec.checkpoint.best", "has no meaning for an EvalRun, which tests its last step; leave it out");
        findings.Require(
            spec.TrainSplit.Length == 0 || spec.TrainSplit != spec.TestSplit, "spec.testSplit",
            $"\"{spec.TestSplit}\" is also trainSplit; a model is never tested on what it was trained on");

        if (spec.Weights is { } weights)
        {
            WeightsRules.Check(weights, manifest, set, findings);
            if (weights.Runs().Any())
            {
                findings.Require(spec.Model is null, "spec.model", "stands beside weights.fromRun, whose run decides the architecture; leave it out");
            }
            else if (weights.Random is not null || weights.Checkpoints().Any())
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
            RecipeRules.Accumulation(
                spec.Optimization?.AccumulationSteps ?? recipe.Optimization.AccumulationSteps, spec.BatchSize ?? recipe.Optimization.BatchSize, views: 1,
                "spec.optimization.accumulationSteps", findings);
            Trunk(spec, recipe, findings);
        }

        for (var i = 0; i < spec.RateCandidates?.Count; i++)
        {
            findings.Require(spec.RateCandidates[i] > 0, $"spec.rateCandidates[{i}]", $"is {spec.RateCandidates[i]}; a rate is above 0");
        }
    }

    private static void Trunk(EvalRunSpec spec, EvalRecipe recipe, Findings findings)
    {
        var adaptive = spec.Weights?.FromEnsemble?.Method == EnsembleMethod.AdaptiveAverage;
        var published = spec.Trunk == TrunkMode.Published;
        var keepsFeatures = (spec.TrainViews ?? recipe.TrainViews) > 0;
        findings.Require(
            spec.Trunk is null || recipe.Protocol == Protocol.LinearProbe, "spec.trunk", "has no meaning for FineTune, which trains everything; leave it out");
        findings.Require(
            !published || !keepsFeatures, "spec.trainViews", "keeps features of a trunk that trunk: Published trains; write trainViews: 0");

        findings.Require(
            keepsFeatures || (spec.RateCandidates ?? [.. recipe.RateCandidates]).Count == 0, "spec.rateCandidates",
            "are tried by a probe over kept features only; give trainViews of at least 1, or write rateCandidates: []");

        var schedule = spec.Optimization?.Schedule ?? recipe.Optimization.Schedule;
        if (!adaptive)
        {
            findings.Require(
                schedule != SchedulePreset.Adaptive, "spec.preset",
                $"\"{spec.Preset}\" learns the scores of an ensemble; start from weights.fromEnsemble with method: AdaptiveAverage, or use linear-probe-paper");
            return;
        }

        findings.Require(
            schedule == SchedulePreset.Adaptive, "spec.preset", $"\"{spec.Preset}\" has no schedule for the scores of an AdaptiveAverage; use adaptive-average-paper");
        findings.Require(recipe.Protocol == Protocol.LinearProbe, "spec.protocol", "must be LinearProbe for an AdaptiveAverage, whose trunks are frozen");
        findings.Require(!published, "spec.trunk", "must be Frozen for an AdaptiveAverage: only its scores and the head are trained; leave it out");
        findings.Require(!keepsFeatures, "spec.trainViews", "keeps features of a trunk that changes with the scores of an AdaptiveAverage; write trainViews: 0");
    }
}
