using Ppma.Learning.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Learning.Interop;

/// <summary>
/// Kernels over lists of tensors that TorchSharp does not name. TorchScript reaches them through torch's public operator schema, which
/// is stable where mangled C++ symbols are not. An operator that cannot be resolved ends the process, so all of them are compiled
/// together, by the start-up self-test at the latest.
/// </summary>
internal static class FusedKernels
{
    private const string Source = """
        def adamw(params: List[Tensor], grads: List[Tensor], averages: List[Tensor], squares: List[Tensor], step: Tensor,
                  lr: float, beta1: float, beta2: float, weight_decay: float, eps: float):
            steps = [step for _ in range(len(params))]
            torch._fused_adamw_(params, grads, averages, squares, [], steps, lr=lr, beta1=beta1, beta2=beta2,
                                weight_decay=weight_decay, eps=eps, amsgrad=False, maximize=False)
            return step

        def adamw_unless(params: List[Tensor], grads: List[Tensor], averages: List[Tensor], squares: List[Tensor], step: Tensor,
                         lr: float, beta1: float, beta2: float, weight_decay: float, eps: float, skip: Tensor):
            steps = [step for _ in range(len(params))]
            torch._fused_adamw_(params, grads, averages, squares, [], steps, lr=lr, beta1=beta1, beta2=beta2,
                                weight_decay=weight_decay, eps=eps, amsgrad=False, maximize=False, found_inf=skip)
            return step

        def clip(grads: List[Tensor], max_norm: float):
            norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(grads, 2)))
            torch._foreach_mul_(grads, torch.clamp(max_norm / (norm + 1e-6), max=1.0))
            return norm

        """;

    private static readonly Lazy<jit.CompilationUnit> Script = new(() => jit.compile(Source));

    public static void AdamW(
        Tensor[] parameters, Tensor[] gradients, Tensor[] averages, Tensor[] squares, Tensor step,
        double rate, double weightDecay, AdamWOptions options, Tensor? skip)
    {
        using Scalar lr = rate, beta1 = options.Beta1, beta2 = options.Beta2, decay = weightDecay, epsilon = options.Epsilon;
        object[] common = [parameters, gradients, averages, squares, step, lr, beta1, beta2, decay, epsilon];
        Invoke(skip is null ? "adamw" : "adamw_unless", skip is null ? common : [.. common, skip]).Dispose();
    }

    /// <summary>Norm of all gradients before clipping, on their device.</summary>
    public static Tensor ClipGradients(Tensor[] gradients, double maxNorm)
    {
        using Scalar limit = maxNorm;
        return Invoke("clip", gradients, limit);
    }

    /// <summary>
    /// Numbers are passed as scalars that the caller owns: those TorchSharp would make of a double can be collected before the
    /// native call has read them.
    /// </summary>
    private static Tensor Invoke(string function, params object[] arguments)
    {
        var result = (Tensor)Script.Value.invoke(function, arguments);
        GC.KeepAlive(arguments);
        return result;
    }
}
