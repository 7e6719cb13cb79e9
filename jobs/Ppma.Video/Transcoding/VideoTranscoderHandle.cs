using Microsoft.Win32.SafeHandles;

namespace Ppma.Video.Transcoding;

/// <summary>Owns a <c>ppma_transcoder</c>.</summary>
internal sealed class VideoTranscoderHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public VideoTranscoderHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        VideoLibrary.CloseTranscoder(handle);
        return true;
    }
}
