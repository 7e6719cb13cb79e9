namespace Ppma.Video.Decoding;

/// <summary>Turns what the C library returns into exceptions.</summary>
internal static class VideoFailure
{
    /// <param name="reason">As returned.</param>
    /// <param name="error">The library's message.</param>
    /// <param name="subject">What of the video the message is about, for example one frame's name; null for all of it.</param>
    public static void ThrowIfFailed(int reason, in VideoLibrary.NativeError error, string? subject = null)
    {
        string prefix = subject is null ? "" : $"{subject}: ";
        switch (reason)
        {
            case VideoLibrary.Ok:
                return;
            case VideoLibrary.InvalidArgument:
                throw new ArgumentException($"The video library was asked for something impossible: {prefix}{error}.");
            case VideoLibrary.EncoderFailed:
                throw new InvalidOperationException($"The video could not be encoded: {prefix}{error}.");
            case VideoLibrary.Revised:
                throw new VideoFormatException(
                    VideoFormatReason.Corrupt, $"{prefix}the container contradicts the pictures again and again: {error}");
            default:
                throw new VideoFormatException((VideoFormatReason)reason, $"{prefix}{error}");
        }
    }
}
