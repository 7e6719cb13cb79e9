namespace Ppma.Api.Tasks;

/// <summary>The video ViT and its MAE decoder, in numbers. Defaults are ViT-B of the paper.</summary>
public sealed record ModelShape
{
    public int Frames { get; init; } = 16;

    /// <summary>Height and width of the input, pixels.</summary>
    public int Size { get; init; } = 224;

    /// <summary>Patch size: frames, height, width.</summary>
    public IReadOnlyList<int> Patch { get; init; } = [2, 16, 16];

    public int Dim { get; init; } = 768;

    public int Depth { get; init; } = 12;

    public int Heads { get; init; } = 12;

    public int DecoderDim { get; init; } = 384;

    public int DecoderDepth { get; init; } = 4;

    public int DecoderHeads { get; init; } = 16;

    /// <summary>Every problem at once, each <c>field: cause and fix</c>.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        foreach (var (field, value) in new[]
        {
            ("frames", Frames), ("size", Size), ("dim", Dim), ("depth", Depth), ("heads", Heads),
            ("decoderDim", DecoderDim), ("decoderDepth", DecoderDepth), ("decoderHeads", DecoderHeads),
        })
        {
            if (value < 1)
            {
                problems.Add($"{field}: is {value}; it must be at least 1");
            }
        }

        if (Patch.Count != 3 || Patch.Any(side => side < 1))
        {
            problems.Add("patch: must be three numbers of at least 1: frames, height, width");
        }
        else if (Frames % Patch[0] != 0)
        {
            problems.Add($"patch: its {Patch[0]} frames do not divide frames {Frames}");
        }
        else if (Size % Patch[1] != 0 || Size % Patch[2] != 0)
        {
            problems.Add($"patch: its {Patch[1]}×{Patch[2]} pixels do not divide size {Size}");
        }

        if (Heads > 0 && Dim % Heads != 0)
        {
            problems.Add($"heads: {Heads} heads do not divide dim {Dim}");
        }

        if (DecoderHeads > 0 && DecoderDim % DecoderHeads != 0)
        {
            problems.Add($"decoderHeads: {DecoderHeads} heads do not divide decoderDim {DecoderDim}");
        }

        return problems;
    }
}
