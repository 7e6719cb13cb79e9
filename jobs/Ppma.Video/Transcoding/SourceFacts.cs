namespace Ppma.Video.Transcoding;

/// <summary>What a video was before it was re-encoded.</summary>
public sealed record SourceFacts
{
    /// <summary>FFmpeg's name of the codec, for example <c>hevc</c>.</summary>
    public required string Codec { get; init; }

    /// <summary>FFmpeg's name of the first picture's pixel format, for example <c>yuv420p10le</c>.</summary>
    public required string PixelFormat { get; init; }

    /// <summary>Width of the stored pictures, pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the stored pictures, pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Frames that the container has packets for.</summary>
    public required int Frames { get; init; }

    /// <summary>FFmpeg's name of the matrix that the colours were converted from, for example <c>bt709</c>; <c>gbr</c> for RGB.</summary>
    public required string Matrix { get; init; }

    /// <summary>
    /// Whether the file states <see cref="Matrix"/>. Else it is assumed as players do: BT.709 from 1280 pixels of width or above 576 of
    /// height, BT.601 below.
    /// </summary>
    public required bool MatrixIsTagged { get; init; }

    /// <summary>Whether luma goes from 0 to 255, not from 16 to 235.</summary>
    public required bool IsFullRange { get; init; }

    /// <summary>Degrees by which a player would turn the pictures clockwise. They are stored, and re-encoded, without.</summary>
    public required int RotationDegrees { get; init; }

    /// <summary>When the first frame is shown by the container's clock; 0 in the re-encoded file.</summary>
    public required double FirstSeconds { get; init; }
}
