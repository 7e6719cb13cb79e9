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
            Steps = overrides.Steps ?? (overrides.Epochs is { } epochs
                ? Steps(epochs, batch, viewsPerClip, samples)
                : recipe.Steps ?? Steps(recipe.Epochs ?? 1, batch, viewsPerClip, samples)),
        };
        return OptimizationOverrides.Apply(overrides.Optimization, preset);
    }

    /// <summary>Steps of so many epochs, at least one.</summary>
    public static int Steps(double epochs, int batchSize, int viewsPerClip, IReadOnlyList<long> samples)
    {
        // Every batch comes from one data set, whose last, smaller batch is left out; with k views a clip an epoch takes one k-th of
        // the batches, as the published code counts.
        var clips = batchSize / viewsPerClip;
        var epoch = samples.Sum(count => count / clips) / viewsPerClip;
        return (int)Math.Clamp(epochs * epoch, 1, int.MaxValue);
    }
}
