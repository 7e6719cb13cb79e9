using Ppma.Api.Pretraining;
using Ppma.Api.Recipes;
using Ppma.Api.Resolution;

namespace Ppma.Api.Tests.Resolution;

public sealed class RecipeResolutionTests
{
    [Fact]
    public void Optimization_MaePaperOnNoHumanKinetics_IsAQuarterOfTheClipsAnEpoch()
    {
        // 50,000 clips in batches of 32 clips (4 views each) are 1,562 steps; a quarter of them is an epoch.
        var optimization = RecipeResolution.Optimization(RecipeCatalog.Stages["mae-paper"], new StageSpec(), viewsPerClip: 4, [50_000]);

        Assert.Equal(200 * 390, optimization.Steps);
        Assert.Equal(2, optimization.RateScale);
    }

    [Fact]
    public void Optimization_AlignPaperOnTwoSets_LeavesOutEachSetsLastBatch()
    {
        var optimization = RecipeResolution.Optimization(RecipeCatalog.Stages["align-paper"], new StageSpec(), viewsPerClip: 1, [1000, 300]);

        Assert.Equal(50 * (7 + 2), optimization.Steps);
    }

    [Fact]
    public void Optimization_AnotherBatchSize_KeepsTheNominalBatch()
    {
        var optimization = RecipeResolution.Optimization(
            RecipeCatalog.Stages["align-paper"], new StageSpec { BatchSize = 32, Steps = 7 }, viewsPerClip: 1, [1000]);

        Assert.Equal((7, 8.0), (optimization.Steps, optimization.RateScale));
    }

    [Fact]
    public void Optimization_FewerClipsThanABatch_IsOneStep() =>
        Assert.Equal(1, RecipeResolution.Steps(3, RecipeCatalog.Stages["align-paper"].Optimization with { BatchSize = 64 }, [10]));
}
