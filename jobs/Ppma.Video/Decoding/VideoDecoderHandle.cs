using Microsoft.Win32.SafeHandles;

namespace Ppma.Video.Decoding;

/// <summary>Owns a <c>ppma_decoder</c>.</summary>
internal sealed class VideoDecoderHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public VideoDecoderHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        VideoLibrary.CloseDecoder(handle);
        return true;
    }
}
