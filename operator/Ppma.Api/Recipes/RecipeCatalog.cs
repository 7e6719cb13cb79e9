namespace Ppma.Api.Recipes;

/// <summary>Presets by the name that a manifest uses.</summary>
public static class RecipeCatalog
{
    public static IReadOnlyDictionary<string, StageRecipe> Stages { get; } = new Dictionary<string, StageRecipe>(StringComparer.Ordinal)
    {
        ["mae-paper"] = PaperRecipes.Mae,
        ["align-paper"] = PaperRecipes.Align,
        ["mae-mini"] = MiniRecipes.Mae,
        ["align-mini"] = MiniRecipes.Align,
    };

    public static IReadOnlyDictionary<string, EvalRecipe> Evaluations { get; } = new Dictionary<string, EvalRecipe>(StringComparer.Ordinal)
    {
        ["linear-probe-paper"] = PaperRecipes.LinearProbe,
        ["adaptive-average-paper"] = PaperRecipes.AdaptiveAverage,
        ["finetune-paper"] = PaperRecipes.FineTune,
        ["linear-probe-mini"] = MiniRecipes.LinearProbe,
    };
}
