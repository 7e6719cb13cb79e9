namespace Ppma.Api.Tasks;

/// <summary>How clips are cut from a video and turned into pixels (reference/ppma.md, "Data pipeline").</summary>
public sealed record ClipShape
{
    /// <summary>Length of the window the frames are drawn from.</summary>
    public double ClipSeconds { get; init; } = 2.7;

    /// <summary>Short side after scaling, pixels; 0 keeps the stored size.</summary>
    public int ShortSide { get; init; } = 256;

    public PixelPath PixelPath { get; init; } = PixelPath.Reference;

    /// <summary>Random resized crop: smallest and largest share of the area.</summary>
    public double CropScaleMin { get; init; } = 0.08;

    public double CropScaleMax { get; init; } = 1.0;

    public double CropRatioMin { get; init; } = 3.0 / 4.0;

    public double CropRatioMax { get; init; } = 4.0 / 3.0;
}
