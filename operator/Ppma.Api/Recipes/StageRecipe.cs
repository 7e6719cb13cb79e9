namespace Ppma.Api.Recipes;

/// <summary>A preset of a pre-training stage.</summary>
public sealed record StageRecipe : Recipe
{
    /// <summary>The only objective it is made for.</summary>
    public required Objective Objective { get; init; }

    /// <summary>MaskedAutoencoding: epochs between two drawings of reconstructions; 0 draws at the end only.</summary>
    public double ReconstructionEveryEpochs { get; init; }

    /// <summary>Share of the tokens that is masked; MaskedAutoencoding only.</summary>
    public double MaskRatio { get; init; } = 0.9;
}
