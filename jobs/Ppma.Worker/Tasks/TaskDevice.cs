using static TorchSharp.torch;

namespace Ppma.Worker.Tasks;

/// <summary>Where a task computes.</summary>
internal static class TaskDevice
{
    /// <summary>The GPU where libtorch has one, else the CPU.</summary>
    public static Device Current => cuda.is_available() ? CUDA : CPU;
}
