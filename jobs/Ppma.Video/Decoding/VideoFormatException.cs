namespace Ppma.Video.Decoding;

/// <summary>A video file cannot be decoded. Nothing but the file is at fault: another file may well decode.</summary>
public sealed class VideoFormatException : Exception
{
    public VideoFormatException(VideoFormatReason reason, string detail)
        : base($"The video is not usable ({reason}): {detail}.")
    {
        Reason = reason;
    }

    /// <summary>What is wrong with the file.</summary>
    public VideoFormatReason Reason { get; }
}
