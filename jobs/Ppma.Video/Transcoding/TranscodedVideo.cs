namespace Ppma.Video.Transcoding;

/// <summary>A video re-encoded for training, and what it was before.</summary>
public sealed record TranscodedVideo
{
    /// <summary>The file: H.264 in MP4, yuv420p, BT.601 of limited range, index in front, no B-frames, no edit list, no sound.</summary>
    public required byte[] Mp4 { get; init; }

    /// <summary>Width, pixels; even.</summary>
    public required int Width { get; init; }

    /// <summary>Height, pixels; even.</summary>
    public required int Height { get; init; }

    /// <summary>Frames in the file.</summary>
    public required int Frames { get; init; }

    /// <summary>From the first frame, which is at 0, to the end of the last.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>What was re-encoded.</summary>
    public required SourceFacts Source { get; init; }

    /// <summary>Frames of the source that are not in the file; always 0 unless <see cref="TranscodeSettings.AcceptLostFrames"/>.</summary>
    public int LostFrames => Math.Max(0, Source.Frames - Frames);
}
