using Ppma.Video.Decoding;

namespace Ppma.Video.Transcoding;

/// <summary>How a video is re-encoded for training.</summary>
public sealed record TranscodeSettings
{
    /// <summary>
    /// Pixels of the shorter side; even. Pictures with a longer one are scaled down to it, others keep their size, less a last odd
    /// column or row. The default value is 320; crops of 224 pixels need at least 256.
    /// </summary>
    public int ShortSide { get; init; } = 320;

    /// <summary>x264's constant rate factor, 0 (lossless) to 51 (worst). The default value is 18.</summary>
    public int Quality { get; init; } = 18;

    /// <summary>x264's preset. The default value is <c>veryfast</c>.</summary>
    public string Preset { get; init; } = "veryfast";

    /// <summary>
    /// Frames that cannot be decoded, are damaged or have no time of their own are left out, and counted as
    /// <see cref="TranscodedVideo.LostFrames"/>. The default value is false: such a video is refused.
    /// </summary>
    public bool AcceptLostFrames { get; init; }

    /// <summary>What the source may ask for.</summary>
    public VideoLimits Limits { get; init; } = new();

    internal void ThrowIfOutOfRange()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Preset);
        ArgumentOutOfRangeException.ThrowIfNegative(Quality);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Quality, 51);
        if (ShortSide < 2 || ShortSide % 2 != 0)
        {
            throw new ArgumentException($"{nameof(ShortSide)} {ShortSide} must be even and at least 2, because colour is stored at half the size.");
        }
    }
}
