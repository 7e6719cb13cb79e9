using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Ppma.Learning.Interop;

/// <summary>
/// Scaled dot-product attention through torch's fused kernels alone. Its plain kernel, which keeps every score in memory and would step
/// in without a word, is turned off for the process: where no fused kernel fits, the call fails.
/// </summary>
internal static class FusedAttention
{
    private const string ChoiceSource = """
        def choice(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            return torch.tensor(torch._fused_sdp_choice(q, k, v))

        """;

    private static readonly string[] Kernels = ["plain", "flash", "memory-efficient", "cuDNN", "of the device's own"];

    // First use of the class, and so the first attention, turns the plain kernel off.
    private static readonly Lazy<jit.CompilationUnit> Script = new(() => jit.compile(ChoiceSource));

    static FusedAttention() => backends.cuda.enable_math_sdp(false);

    /// <summary>Queries, keys and values (B, heads, N, width) to (B, heads, N, width).</summary>
    /// <exception cref="InvalidOperationException">No fused kernel fits; shape, type and device are named.</exception>
    public static Tensor Apply(Tensor queries, Tensor keys, Tensor values)
    {
        try
        {
            return functional.scaled_dot_product_attention(queries, keys, values);
        }
        catch (ExternalException e) when (e.Message.Contains("backend for scaled_dot_product_attention", StringComparison.Ordinal)
            || e.Message.Contains("No available kernel", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                $"Attention over {Describe(queries)} has no fused kernel, and the plain one is turned off because it keeps every score in memory: " +
                "use a head width (dim / heads) that is a multiple of 8 and at most 256, in float32, bfloat16 or float16.", e);
        }
    }

    /// <summary>The kernel that <see cref="Apply"/> takes for these tensors: "flash", "memory-efficient", "cuDNN" and so on; "none" where it fails.</summary>
    public static string KernelOf(Tensor queries, Tensor keys, Tensor values)
    {
        using var choice = (Tensor)Script.Value.invoke("choice", queries, keys, values);
        long kernel = choice.item<long>();
        return kernel >= 0 && kernel < Kernels.Length ? Kernels[kernel] : "none";
    }

    private static string Describe(Tensor queries) =>
        $"({string.Join(", ", queries.shape)}) (clips, heads, tokens, head width) in {queries.dtype} on {queries.device}";
}
