using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;
using Ppma.Api.Recipes;

namespace Ppma.Api.Validation;

/// <summary>Rules of one stage of a PretrainRun.</summary>
internal static class StageRules
{
    public static void Check(StageSpec stage, ModelSpec model, string path, Manifest manifest, ManifestSet set, Findings findings)
    {
        Datasets(stage, path, manifest, set, findings);
        ValidationRules.Check(stage, $"{path}.validation", manifest, set, findings);
        findings.Require(
            stage.LabelSpace != LabelSpace.PerDataset || stage.Validation?.Dataset is not { } validation || stage.Datasets.Any(use => use.Name == validation.Name),
            $"{path}.validation.dataset.name",
            $"\"{stage.Validation?.Dataset?.Name}\" has no head in this stage (labelSpace: PerDataset); measure on a data set that trains here");
        if (stage.Objective is { } objective)
        {
            Objective(stage, objective, path, findings);
        }

        if (RecipeRules.Preset(stage.Preset, RecipeCatalog.Stages, $"{path}.preset", findings) is { } recipe)
        {
            findings.Require(
                stage.Objective is null || stage.Objective == recipe.Objective, $"{path}.preset",
                $"\"{stage.Preset}\" is made for {recipe.Objective}, not for {stage.Objective}{Fitting(stage.Objective)}");
            RecipeRules.Overrides(stage, recipe, path, findings);
            Batch(stage, recipe, path, findings);
            Masking(stage, recipe, model, path, findings);
        }
    }

    private static string Fitting(Objective? objective) =>
        $"; use {string.Join(" | ", RecipeCatalog.Stages.Where(preset => preset.Value.Objective == objective).Select(preset => preset.Key))}";

    private static void Datasets(StageSpec stage, string path, Manifest manifest, ManifestSet set, Findings findings)
    {
        for (var i = 0; i < stage.Datasets.Count; i++)
        {
            var use = stage.Datasets[i];
            References.Dataset(use.Name, $"{path}.datasets[{i}].name", manifest, set, findings);
            findings.Require(
                use.Name.Length == 0 || stage.Datasets.Take(i).All(earlier => (earlier.Name, earlier.Split) != (use.Name, use.Split)),
                $"{path}.datasets[{i}].name", $"\"{use.Name}\" is listed twice; give it a repeat or a weight instead");
        }

        for (var i = 0; i < stage.Datasets.Count; i++)
        {
            findings.Require(
                stage.Datasets[i] is not { Repeat: not null, Weight: not null }, $"{path}.datasets[{i}].repeat",
                "stands beside weight, which alone decides the share; leave one of them out");
        }

        var weighted = stage.Datasets.Count(use => use.Weight is not null);
        findings.Require(
            weighted == 0 || weighted == stage.Datasets.Count, $"{path}.datasets",
            "some have a weight and some have none; give all of them one, or none (then batches follow the number of clips)");
    }

    private static void Objective(StageSpec stage, Objective objective, string path, Findings findings)
    {
        if (objective == Api.Objective.MaskedAutoencoding)
        {
            findings.Require(stage.LabelSpace is null, $"{path}.labelSpace", "has no meaning for MaskedAutoencoding; leave it out");
            findings.Require(stage.Augmentation is null, $"{path}.augmentation", "has no meaning for MaskedAutoencoding, which only crops; leave it out");
        }
        else
        {
            findings.Require(
                stage.ReconstructionEveryEpochs is null, $"{path}.reconstructionEveryEpochs", "has no meaning for ActionClassification; leave it out");
            findings.Require(stage.MaskRatio is null, $"{path}.maskRatio", "has no meaning for ActionClassification; leave it out");
            findings.Require(stage.ViewsPerClip is null or 1, $"{path}.viewsPerClip", "must be 1 for ActionClassification; leave it out");
        }
    }

    private static void Batch(StageSpec stage, StageRecipe recipe, string path, Findings findings)
    {
        var batch = stage.BatchSize ?? recipe.Optimization.BatchSize;
        var views = stage.ViewsPerClip ?? recipe.Optimization.ViewsPerClip;
        var parts = stage.Optimization?.AccumulationSteps ?? recipe.Optimization.AccumulationSteps;
        RecipeRules.Accumulation(parts, batch, views, $"{path}.optimization.accumulationSteps", findings);
        findings.Require(
            views < 1 || batch % views == 0, $"{path}.{(stage.ViewsPerClip is null ? "batchSize" : "viewsPerClip")}",
            $"{views} views a clip do not divide a batch of {batch}; all views of a clip stay in one batch");
    }

    private static void Masking(StageSpec stage, StageRecipe recipe, ModelSpec model, string path, Findings findings)
    {
        if (recipe.Objective != Api.Objective.MaskedAutoencoding || !ModelPresets.All.ContainsKey(model.Preset) || model.Patch is { Count: not 3 })
        {
            return;
        }

        var shape = ModelPresets.Resolve(model);
        if (shape.Validate().Count > 0)
        {
            return;
        }

        var tokens = shape.Frames / shape.Patch[0] * (shape.Size / shape.Patch[1]) * (shape.Size / shape.Patch[2]);
        var ratio = stage.MaskRatio ?? recipe.MaskRatio;
        var masked = (int)(ratio * tokens);
        findings.Require(
            ratio is not (>= 0.01 and <= 0.99) || (masked >= 1 && masked < tokens), $"{path}.maskRatio",
            $"masks {masked} of the model's {tokens} tokens; at least one must be masked and one visible");
    }
}
