using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Ppma.Datasets.Randomness;
using Ppma.Video.Augmentation;
using Ppma.Video.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Video.Loading;

/// <summary>
/// The memory of one batch, (rows, 3, frames, size, size) on the host. The reference path normalises views here, in single precision. The
/// fast path keeps them in 8 bits, a quarter of the bytes, and leaves normalising and erasing to the device. Rows are written side by side.
/// </summary>
internal sealed class BatchBuffer : IDisposable
{
    private static readonly Scalar Black = 0.ToScalar();
    private static readonly Scalar White = 255.ToScalar();

    private readonly BatchBuffers _owner;
    private readonly Tensor _memory;
    private readonly ConcurrentBag<ErasedBox> _erased = [];
    private bool _isCounted = true;
    private bool _isDisposed;

    public BatchBuffer(BatchBuffers owner, Tensor memory, int rows)
    {
        _owner = owner;
        _memory = memory;
        Rows = memory.narrow(0, 0, rows).DetachFromDisposeScope();
    }

    public Tensor Rows { get; }

    private bool IsFast => _memory.dtype == ScalarType.Byte;

    /// <summary>Writes a view, whose colours in 0..1 have the shape of a row. In 8 bits they are clamped and rounded half to even.</summary>
    public void Write(int row, Tensor colours)
    {
        using var scope = NewDisposeScope();
        Tensor target = Rows[row];
        if (IsFast)
        {
            target.copy_(colours.mul(White).round_().clamp_(Black, White));
        }
        else
        {
            FrameTransforms.NormaliseInPlace(target.copy_(colours), channelDimension: 0);
        }
    }

    /// <summary>Replaces a box of a row that was written by noise.</summary>
    /// <param name="row">The row.</param>
    /// <param name="box">The box.</param>
    /// <param name="random">The stream that drew the box.</param>
    public void Erase(int row, CropBox box, PhiloxStream random)
    {
        Tensor noise = HostTensors.Empty([3, _memory.shape[2], box.Height, box.Width], ScalarType.Float32);
        RandomErasing.DrawNoise(MemoryMarshal.Cast<byte, float>(noise.bytes), random);
        var erased = new ErasedBox(row, box, noise);
        if (IsFast)
        {
            // Drawn here and not in the step: a normal number takes longer than its copy.
            _erased.Add(erased);
            return;
        }

        using (noise)
        {
            Erase(Rows, erased);
        }
    }

    /// <summary>Makes a row the same everywhere, for a clip that has no pictures: the memory may hold those of an earlier batch.</summary>
    public void Blank(int row)
    {
        using var scope = NewDisposeScope();
        Rows[row].zero_();
    }

    /// <summary>The normalised views as float32, on a device and of their own; the host does not wait for a GPU.</summary>
    public Tensor ToDevice(Device device)
    {
        using var scope = NewDisposeScope();
        Tensor views = Rows.to(device, copy: true, non_blocking: true);
        if (IsFast)
        {
            views = FrameTransforms.NormaliseInPlace(views.to_type(ScalarType.Float32).div_(White), channelDimension: 1);
            foreach (ErasedBox erased in _erased)
            {
                Erase(views, erased);
            }
        }

        return views.MoveToOuterDisposeScope().DetachFromDisposeScope();
    }

    /// <summary>Loading may use as much memory elsewhere, though this is still in use: whoever keeps batches answers for them.</summary>
    public void LetGo()
    {
        if (_isCounted)
        {
            _isCounted = false;
            _owner.CountLess();
        }
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Rows.Dispose();
        foreach (ErasedBox erased in _erased)
        {
            erased.Noise.Dispose();
        }

        _owner.TakeBack(_memory);
        LetGo();
    }

    private static void Erase(Tensor views, ErasedBox erased)
    {
        using var scope = NewDisposeScope();
        FrameTransforms.Crop(views[erased.Row], erased.Box).copy_(erased.Noise.to(views.device, non_blocking: true));
    }
}
