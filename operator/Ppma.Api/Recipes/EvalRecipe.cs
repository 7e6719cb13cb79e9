namespace Ppma.Api.Recipes;

/// <summary>A preset of an evaluation.</summary>
public sealed record EvalRecipe : Recipe
{
    /// <summary>The only protocol it is made for.</summary>
    public required Protocol Protocol { get; init; }

    public IReadOnlyList<double> RateCandidates { get; init; } = [];

    public double HoldoutShare { get; init; } = 0.2;

    public int TrainViews { get; init; }

    public int TestClips { get; init; } = 2;

    public int TestCrops { get; init; } = 3;
}
