using Ppma.Learning.Models;

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

/// <summary>The rule behind each selection, a pure function of the published name.</summary>
public static class WeightSelectionRules
{
    public static bool Takes(this WeightSelection selection, string name) => selection switch
    {
        WeightSelection.Everything => true,
        WeightSelection.TrunkWithNorm => !Is(name, TrunkNames.Heads),
        WeightSelection.TrunkWithoutNorm => !Is(name, TrunkNames.Heads) && !Is(name, TrunkNames.Decoder)
            && !Is(name, TrunkNames.Norm + ".") && name != TrunkNames.MaskToken,
        _ => throw new ArgumentOutOfRangeException(nameof(selection), selection, "No such selection."),
    };

    private static bool Is(string name, string prefix) => name.StartsWith(prefix, StringComparison.Ordinal);
}
