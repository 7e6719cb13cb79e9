using Ppma.Api.Tasks;

namespace Ppma.Api.Recipes;

/// <summary>A preset of an evaluation.</summary>
public sealed record EvalRecipe : Recipe
{
    /// <summary>The only protocol it is made for.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>Stochastic depth where a linear probe trains the trunk, too (<see cref="TrunkMode.Published"/>); a frozen one takes the optimisation's own.</summary>
    public double PublishedDropPath { get; init; }

    /// <summary>The preset as it stands for a trunk that is frozen or trained.</summary>
    public Recipe For(TrunkMode trunk) =>
        trunk == TrunkMode.Published ? this with { Optimization = Optimization with { DropPath = PublishedDropPath } } : this;

    public IReadOnlyList<double> RateCandidates { get; init; } = [];

    public double HoldoutShare { get; init; } = 0.2;

    public int TrainViews { get; init; }

    public int TestClips { get; init; } = 2;

    public int TestCrops { get; init; } = 3;
}
