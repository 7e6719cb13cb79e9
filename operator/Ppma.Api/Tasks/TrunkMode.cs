namespace Ppma.Api.Tasks;

/// <summary>What a linear probe does with the trunk. Results of the two do not compare: the mode stands in every table.</summary>
public enum TrunkMode
{
    /// <summary>Evaluation mode, no gradient, no drop path: a linear probe.</summary>
    Frozen,

    /// <summary>Everything is trained, as the published script of the paper does under this name.</summary>
    Published,
}
