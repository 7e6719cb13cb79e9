namespace Ppma.Video.Decoding;

/// <summary>What is wrong with a video file.</summary>
public enum VideoFormatReason
{
    /// <summary>The bytes contradict the container's or the codec's format.</summary>
    Corrupt = 1,

    /// <summary>The file ends before what it describes.</summary>
    Truncated = 2,

    /// <summary>The file has no bytes.</summary>
    Empty = 3,

    /// <summary>The file holds no video, only audio or other streams.</summary>
    NoVideoStream = 4,

    /// <summary>The video, or the window asked for, holds no frame.</summary>
    ZeroLength = 5,

    /// <summary>The FFmpeg in use cannot decode this, or the picture size changes inside the video.</summary>
    Unsupported = 6,

    /// <summary>Decoding would need more memory than <see cref="VideoLimits"/> allows.</summary>
    TooLarge = 7,
}
