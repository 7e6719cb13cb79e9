using Microsoft.Win32.SafeHandles;

namespace Ppma.Video.Transcoding;

/// <summary>Owns a <c>ppma_sequence</c>.</summary>
internal sealed class FrameSequenceHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public FrameSequenceHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        VideoLibrary.CloseSequence(handle);
        return true;
    }
}
