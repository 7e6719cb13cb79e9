using static TorchSharp.torch;

namespace Ppma.Video.Loading;

/// <summary>
/// Tensors in host memory that a GPU can fetch from. With a GPU they are pinned, by the allocator of torch, which keeps what is freed for
/// the next one and never gives away memory that a copy still reads.
/// </summary>
internal static class HostTensors
{
    // TorchSharp does not offer to allocate pinned memory, only to copy into it.
    private static readonly Lazy<jit.CompilationUnit> Script = new(() => jit.compile("""
        def pinned_like(other: Tensor):
            return torch.empty(other.size(), dtype=other.dtype, pin_memory=True)

        """));

    public static bool ArePinned => cuda.is_available();

    /// <summary>A tensor without content, which belongs to no dispose scope.</summary>
    public static Tensor Empty(long[] shape, ScalarType type) =>
        ArePinned ? Pinned(shape, type) : empty(shape, type).DetachFromDisposeScope();

    internal static Tensor Pinned(long[] shape, ScalarType type)
    {
        using Tensor one = empty([1], type).DetachFromDisposeScope();
        using Tensor all = one.expand(shape).DetachFromDisposeScope();
        return ((Tensor)Script.Value.invoke("pinned_like", all)).DetachFromDisposeScope();
    }
}
