using static TorchSharp.torch;

namespace Ppma.Video.Loading;

/// <summary>
/// A rank's views of one batch, all of one data set, in memory that is used again once they are disposed.
/// </summary>
public sealed class ViewBatch : IDisposable
{
    private readonly BatchBuffer _buffer;

    internal ViewBatch(long step, int firstView, IReadOnlyList<ViewOrigin> views, BatchBuffer buffer)
    {
        Step = step;
        FirstView = firstView;
        Views = views;
        _buffer = buffer;
    }

    /// <summary>The step it belongs to.</summary>
    public long Step { get; }

    /// <summary>How many views of the batch ranks before this one have.</summary>
    public int FirstView { get; }

    /// <summary>Where each view comes from; views of one clip stand together.</summary>
    public IReadOnlyList<ViewOrigin> Views { get; }

    /// <summary>The views as they lie in host memory: float32 and normalised, or uint8 on the fast path.</summary>
    internal Tensor Pixels => _buffer.Rows;

    /// <summary>
    /// The normalised views, float32 (views, 3, frames, size, size), on a device. The caller owns the tensor and may dispose the batch at
    /// once: the host does not wait for a GPU.
    /// </summary>
    public Tensor ToDevice(Device device) => _buffer.ToDevice(device);

    public void Dispose() => _buffer.Dispose();
}
