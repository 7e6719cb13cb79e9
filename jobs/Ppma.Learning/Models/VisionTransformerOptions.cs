namespace Ppma.Learning.Models;

/// <summary>The video ViT and its MAE decoder, in numbers. Defaults are ViT-B of the paper.</summary>
public sealed record VisionTransformerOptions
{
    /// <summary>Colour channels of a video: RGB.</summary>
    internal const int Channels = 3;

    public int Frames { get; init; } = 16;

    /// <summary>Height and width of the input, pixels.</summary>
    public int Size { get; init; } = 224;

    public PatchSize Patch { get; init; } = new(2, 16, 16);

    /// <summary>Width of a token.</summary>
    public int Dim { get; init; } = 768;

    /// <summary>Transformer blocks of the trunk.</summary>
    public int Depth { get; init; } = 12;

    public int Heads { get; init; } = 12;

    public int DecoderDim { get; init; } = 384;

    public int DecoderDepth { get; init; } = 4;

    public int DecoderHeads { get; init; } = 16;

    /// <summary>Stochastic depth of the last block; earlier blocks get a linear share, the first none.</summary>
    public double DropPath { get; init; }

    /// <summary>Tokens along time, height and width.</summary>
    public PatchSize Grid => new(Frames / Patch.Frames, Size / Patch.Height, Size / Patch.Width);

    /// <summary>Tokens of a whole clip (1,568 for ViT-B).</summary>
    public int Tokens => Grid.Frames * Grid.Height * Grid.Width;

    /// <summary>Numbers in one patch, colours included (1,536 for ViT-B).</summary>
    public int PatchValues => Patch.Frames * Patch.Height * Patch.Width * Channels;

    /// <summary>Checks every number at once.</summary>
    /// <exception cref="ArgumentException">The message lists every problem by property name.</exception>
    public void Validate()
    {
        var problems = Problems().ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException("The model cannot be built: " + string.Join("; ", problems) + ".");
        }
    }

    private IEnumerable<string> Problems()
    {
        (string Name, int Value)[] counts =
        [
            (nameof(Frames), Frames), (nameof(Size), Size), ("Patch.Frames", Patch.Frames), ("Patch.Height", Patch.Height),
            ("Patch.Width", Patch.Width), (nameof(Dim), Dim), (nameof(Depth), Depth), (nameof(Heads), Heads),
            (nameof(DecoderDim), DecoderDim), (nameof(DecoderDepth), DecoderDepth), (nameof(DecoderHeads), DecoderHeads),
        ];
        foreach (var (name, value) in counts.Where(count => count.Value < 1))
        {
            yield return $"{name} is {value} but must be at least 1";
        }

        (string Name, int Value, string By, int Divisor)[] divisions =
        [
            (nameof(Frames), Frames, "Patch.Frames", Patch.Frames), (nameof(Size), Size, "Patch.Height", Patch.Height),
            (nameof(Size), Size, "Patch.Width", Patch.Width), (nameof(Dim), Dim, nameof(Heads), Heads),
            (nameof(DecoderDim), DecoderDim, nameof(DecoderHeads), DecoderHeads),
        ];
        foreach (var (name, value, by, divisor) in divisions.Where(d => d.Divisor > 0 && d.Value % d.Divisor != 0))
        {
            yield return $"{name} is {value}, which {by} = {divisor} does not divide";
        }

        if (!(DropPath >= 0 && DropPath < 1))
        {
            yield return FormattableString.Invariant($"DropPath is {DropPath} but must be in [0, 1)");
        }
    }
}
