namespace Ppma.Video.Decoding;

/// <summary>What a video may ask for before it is refused as <see cref="VideoFormatReason.TooLarge"/>.</summary>
public sealed record VideoLimits
{
    /// <summary>Largest picture, width times height. The default value is 4096 × 4096.</summary>
    public long MaxPixels { get; init; } = 4096 * 4096;
}
