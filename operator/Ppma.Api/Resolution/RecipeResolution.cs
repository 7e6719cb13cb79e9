using Ppma.Api.Recipes;
using Ppma.Api.Tasks;

namespace Ppma.Api.Resolution;

/// <summary>A preset, what the manifest says differently, and the number of clips there are: the task's numbers.</summary>
internal static class RecipeResolution
{
    /// <param name="recipe">The preset.</param>
    /// <param name="overrides">What the manifest says.</param>
    /// <param name="viewsPerClip">Views drawn from one decoded clip.</param>
    /// <param name="samples">Clips in each data set.</param>
    public static OptimizationSpec Optimization(
        Recipe recipe, IRecipeOverrides overrides, int viewsPerClip, IReadOnlyList<long> samples)
    {
        var batch = overrides.BatchSize ?? recipe.Optimization.BatchSize;
        var preset = recipe.Optimization with
        {
            BatchSize = batch,
            ViewsPerClip = viewsPerClip,
            RateScale = recipe.NominalBatchSize is { } nominal ? (double)nominal / batch : recipe.Optimization.RateScale,
        };
        return OptimizationOverrides.Apply(overrides.Optimization, preset with
        {
            Steps = overrides.Steps ?? (overrides.Epochs is { } epochs ? Steps(epochs, preset, samples) : recipe.Steps ?? Steps(recipe.Epochs ?? 1, preset, samples)),
        });
    }

    /// <summary>Steps of so many epochs, at least one.</summary>
    public static int Steps(double epochs, OptimizationSpec optimization, IReadOnlyList<long> samples) =>
        (int)Math.Clamp(epochs * optimization.StepsPerEpoch(samples), 1, int.MaxValue);
}
