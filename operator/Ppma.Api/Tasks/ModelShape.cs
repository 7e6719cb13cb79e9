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
}
