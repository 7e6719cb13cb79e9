using Ppma.Learning.Models;

namespace Ppma.Learning.Checkpoints;

/// <summary>What the names and shapes of a state dict say of its model.</summary>
public sealed record WeightsShape
{
    // Where frames and size are open: clips are cut into about so many steps in time.
    private const double UsualTimeSteps = 6;

    public required WeightsKind Kind { get; init; }

    /// <summary>
    /// A model that the tensors fit. Numbers of heads are not in any shape and stand at 1; frames and size are one pair of those with the
    /// same number of tokens. Null where there is no trunk.
    /// </summary>
    public VisionTransformerOptions? Model { get; init; }

    /// <summary>Outputs of each class head.</summary>
    public IReadOnlyList<int> Classes { get; init; } = [];

    /// <param name="shapes">By published name.</param>
    /// <returns>Null when the names are of no model of ours.</returns>
    public static WeightsShape? Of(IReadOnlyDictionary<string, IReadOnlyList<long>> shapes)
    {
        int[] classes =
        [
            .. shapes.Where(entry => entry is { Key: var name, Value.Count: 2 } && IsClassHead(name)).OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => (int)entry.Value[0]),
        ];
        if (shapes.ContainsKey(TrunkNames.MixingRatio))
        {
            return new() { Kind = WeightsKind.AdaptiveAverage, Classes = classes };
        }

        if (!shapes.TryGetValue(TrunkNames.PatchEmbedding + ".weight", out var patch) || patch is not [var dim, VisionTransformerOptions.Channels, var frames, var height, var width]
            || !shapes.TryGetValue(TrunkNames.Positions, out var positions) || positions is not [1, var tokens, _])
        {
            return null;
        }

        bool decodes = shapes.TryGetValue(TrunkNames.DecoderEmbedding + ".weight", out var embedding) && embedding.Count == 2;
        var model = new VisionTransformerOptions
        {
            Patch = new PatchSize((int)frames, (int)height, (int)width),
            Dim = (int)dim,
            Depth = Blocks(shapes, TrunkNames.Block),
            Heads = 1,
            DecoderDim = decodes ? (int)embedding![0] : new VisionTransformerOptions().DecoderDim,
            DecoderDepth = decodes ? Blocks(shapes, TrunkNames.DecoderBlock) : new VisionTransformerOptions().DecoderDepth,
            DecoderHeads = 1,
        };
        return new()
        {
            Kind = decodes ? WeightsKind.MaskedAutoencoder : classes.Length > 0 ? WeightsKind.Classifier : WeightsKind.Trunk,
            Model = WithGrid(model, tokens),
            Classes = decodes ? [] : classes,
        };
    }

    private static bool IsClassHead(string name) =>
        name.StartsWith(TrunkNames.Heads, StringComparison.Ordinal) && name.EndsWith(".0.weight", StringComparison.Ordinal);

    private static int Blocks(IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, Func<int, string> name) =>
        Enumerable.Range(0, shapes.Count).TakeWhile(block => shapes.ContainsKey(name(block) + ".norm1.weight")).Count();

    // Time steps × side² tokens: of the divisions there are, the one with about as many steps as usual.
    private static VisionTransformerOptions WithGrid(VisionTransformerOptions model, long tokens)
    {
        long side = Enumerable.Range(1, (int)Math.Sqrt(Math.Min(tokens, int.MaxValue)))
            .Where(side => tokens % ((long)side * side) == 0)
            .MinBy(side => Math.Abs(Math.Log(tokens / ((double)side * side) / UsualTimeSteps)));
        return model with { Frames = (int)(tokens / (side * side)) * model.Patch.Frames, Size = (int)side * model.Patch.Height };
    }
}
