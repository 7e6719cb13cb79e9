using TorchSharp;

namespace Ppma.Video.Decoding;

/// <summary>Frames chosen from one window of a video. Owns its tensor.</summary>
public sealed class DecodedWindow : IDisposable
{
    internal DecodedWindow(torch.Tensor pixels, IReadOnlyList<int> frames, int framesInWindow)
    {
        Pixels = pixels;
        Frames = frames;
        FramesInWindow = framesInWindow;
    }

    /// <summary>RGB, uint8, (frames, height, width, 3), on the CPU.</summary>
    public torch.Tensor Pixels { get; }

    /// <summary>Position of each chosen frame in the video, in presentation order.</summary>
    public IReadOnlyList<int> Frames { get; }

    /// <summary>How many frames of the video the window holds.</summary>
    public int FramesInWindow { get; }

    public void Dispose() => Pixels.Dispose();
}
