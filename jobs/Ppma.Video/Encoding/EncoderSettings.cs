namespace Ppma.Video.Encoding;

/// <summary>How a clip is encoded.</summary>
public sealed record EncoderSettings
{
    /// <summary>Width, pixels; even.</summary>
    public required int Width { get; init; }

    /// <summary>Height, pixels; even.</summary>
    public required int Height { get; init; }

    /// <summary>Frames per second, as a fraction.</summary>
    public required int FrameRate { get; init; }

    /// <summary>Divisor of <see cref="FrameRate"/>, for rates such as 30000/1001. The default value is 1.</summary>
    public int FrameRateDivisor { get; init; } = 1;

    /// <summary>Frames from one key frame to the next, at most a second's worth: decoding starts at a key frame. The default value is 12.</summary>
    public int KeyFrameInterval { get; init; } = 12;

    /// <summary>x264's constant rate factor, 0 (lossless) to 51 (worst). The default value is 18.</summary>
    public int Quality { get; init; } = 18;

    /// <summary>x264's preset. The default value is <c>superfast</c>.</summary>
    public string Preset { get; init; } = "superfast";
}
