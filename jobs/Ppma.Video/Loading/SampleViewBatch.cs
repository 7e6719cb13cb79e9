using static TorchSharp.torch;

namespace Ppma.Video.Loading;

/// <summary>The views of consecutive samples, in memory that is used again once they are disposed.</summary>
public sealed class SampleViewBatch : IDisposable
{
    private readonly BatchBuffer _buffer;

    internal SampleViewBatch(PendingBatch batch)
    {
        _buffer = batch.Buffer;
        FirstOrdinal = (int)batch.Plan.Number;
        Labels = [.. batch.Places.Select(place => place.Label)];
        Damaged = [.. batch.Places.Select(place => place.IsBlank)];
    }

    /// <summary>Ordinal of the first sample.</summary>
    public int FirstOrdinal { get; }

    /// <summary>Class of each sample.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Whether a sample could not be decoded; then its views show nothing.</summary>
    public IReadOnlyList<bool> Damaged { get; }

    /// <summary>
    /// The normalised views, float32 (samples, views, 3, frames, size, size), on a device. The caller owns the tensor and may dispose the
    /// batch at once: the host does not wait for a GPU.
    /// </summary>
    public Tensor ToDevice(Device device)
    {
        using Tensor views = _buffer.ToDevice(device);
        return views.view([Labels.Count, -1, .. views.shape[1..]]).DetachFromDisposeScope();
    }

    public void Dispose() => _buffer.Dispose();
}
