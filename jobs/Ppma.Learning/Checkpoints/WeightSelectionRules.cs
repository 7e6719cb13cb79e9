using Ppma.Learning.Models;

namespace Ppma.Learning.Checkpoints;

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
