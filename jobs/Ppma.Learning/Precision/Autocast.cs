using Ppma.Learning.Interop;
using static TorchSharp.torch;

namespace Ppma.Learning.Precision;

/// <summary>
/// The precision of a forward pass. Belongs to the thread that began it: begin, compute and dispose without an await between. Scopes
/// nest and restore what was before.
/// </summary>
public sealed class Autocast : IDisposable
{
    private readonly sbyte device;
    private readonly bool wasEnabled;
    private readonly sbyte previousType;
    private bool disposed;

    private Autocast(sbyte device, ScalarType? type)
    {
        this.device = device;
        wasEnabled = LibTorch.IsAutocastEnabled(device);
        previousType = LibTorch.GetAutocastType(device);
        LibTorch.SetAutocastEnabled(device, type is not null);
        if (type is { } lower)
        {
            LibTorch.SetAutocastType(device, (sbyte)lower);
        }

        _ = LibTorch.IncrementAutocastNesting();
    }

    // Float32 means float32: TensorFloat-32 would round the factors of every product to 10 bits.
    static Autocast()
    {
        backends.cuda.matmul.allow_tf32 = false;
        backends.cudnn.allow_tf32 = false;
    }

    /// <summary>Computes on <paramref name="device"/> in <paramref name="precision"/> until disposed.</summary>
    public static Autocast Begin(Device device, ComputePrecision precision) =>
        new((sbyte)device.type, precision switch
        {
            ComputePrecision.BFloat16 => ScalarType.BFloat16,
            ComputePrecision.Float16 => ScalarType.Float16,
            _ => null,
        });

    /// <summary>The precision that this thread computes in on <paramref name="device"/>.</summary>
    public static ComputePrecision Current(Device device) => !LibTorch.IsAutocastEnabled((sbyte)device.type)
        ? ComputePrecision.Float32
        : (ScalarType)LibTorch.GetAutocastType((sbyte)device.type) == ScalarType.Float16 ? ComputePrecision.Float16 : ComputePrecision.BFloat16;

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        if (LibTorch.DecrementAutocastNesting() == 0)
        {
            LibTorch.ClearAutocastCache();
        }

        LibTorch.SetAutocastEnabled(device, wasEnabled);
        LibTorch.SetAutocastType(device, previousType);
    }
}
