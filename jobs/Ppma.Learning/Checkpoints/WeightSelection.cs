namespace Ppma.Learning.Checkpoints;

/// <summary>Which weights of a file a model takes.</summary>
public enum WeightSelection
{
    /// <summary>All: the same model again.</summary>
    Everything,

    /// <summary>From a classification stage: the trunk and its norm, not the head.</summary>
    TrunkWithNorm,

    /// <summary>From an MAE stage: the trunk without its norm, mask token, decoder and head. The norm belongs to the visible tokens alone.</summary>
    TrunkWithoutNorm,
}
