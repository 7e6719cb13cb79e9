using Ppma.Api.Pretraining;
using Ppma.Api.Recipes;
using Ppma.Cli.Explaining;

namespace Ppma.Cli.Tests.Explaining;

public sealed class RecipeOverrideTests
{
    private static readonly StageRecipe Mae = RecipeCatalog.Stages["mae-paper"];

    [Fact]
    public void Of_APresetAlone_IsNothing() => Assert.Empty(RecipeOverride.Of(new StageSpec { Name = "mae", Preset = "mae-paper" }, Mae));

    [Fact]
    public void Of_NumbersOfEveryGroup_NamesThemWithThoseOfThePreset()
    {
        var stage = new StageSpec
        {
            Preset = "mae-paper",
            Steps = 10,
            BatchSize = 64,
            MaskRatio = 0.75,
            Clip = new() { ShortSide = 128 },
            Optimization = new() { PeakRate = 2e-3, Beta1 = 0.9 },
        };

        Assert.Equal(
            [
                new("steps", "10", "200 epochs"),
                new("batchSize", "64", "128"),
                new("maskRatio", "0.75", "0.9"),
                new("clip.shortSide", "128", "256"),
                new("optimization.peakRate", "0.002", "0.0016"),
            ],
            RecipeOverride.Of(stage, Mae));
    }
}
