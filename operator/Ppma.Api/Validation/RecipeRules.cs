using Ppma.Api.Manifests;
using Ppma.Api.Recipes;

namespace Ppma.Api.Validation;

/// <summary>Presets and what a manifest says differently.</summary>
internal static class RecipeRules
{
    /// <summary>The preset, or null after saying that there is none of that name.</summary>
    public static T? Preset<T>(string name, IReadOnlyDictionary<string, T> known, string path, Findings findings)
        where T : class
    {
        if (name.Length == 0 || known.TryGetValue(name, out var preset))
        {
            return known.GetValueOrDefault(name);
        }

        findings.Add(path, $"\"{name}\" is not known{Spelling.Suggest(name, [.. known.Keys])}");
        return null;
    }

    public static void Model(ModelSpec model, string path, Findings findings)
    {
        if (Preset(model.Preset, ModelPresets.All, $"{path}.preset", findings) is null || model.Patch is { Count: not 3 })
        {
            return;
        }

        foreach (var problem in ModelPresets.Resolve(model).Validate())
        {
            var colon = problem.IndexOf(": ", StringComparison.Ordinal);
            findings.Add($"{path}.{problem[..colon]}", problem[(colon + 2)..]);
        }
    }

    public static void Overrides(IRecipeOverrides overrides, Recipe recipe, string path, Findings findings)
    {
        findings.Require(
            overrides.Epochs is null || overrides.Steps is null, $"{path}.epochs", "stands beside steps; keep one of them");

        var clip = ClipOverrides.Apply(overrides.Clip, recipe.Clip);
        findings.Require(
            clip.CropScaleMin <= clip.CropScaleMax, $"{path}.clip.cropScaleMin", $"is {clip.CropScaleMin}, above cropScaleMax {clip.CropScaleMax}");
        findings.Require(
            clip.CropRatioMin <= clip.CropRatioMax, $"{path}.clip.cropRatioMin", $"is {clip.CropRatioMin}, above cropRatioMax {clip.CropRatioMax}");
    }

    public static void Accumulation(int parts, int batch, int views, string path, Findings findings) => findings.Require(
        parts < 2 || views < 1 || batch % views != 0 || batch / views % parts == 0, path,
        $"{parts} parts do not divide the {(views < 1 ? 0 : batch / views)} clips of a batch; every part has the same number of clips");
}
