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

        def adamw_scaled(params: List[Tensor], grads: List[Tensor], averages: List[Tensor], squares: List[Tensor], step: Tensor,
                         lr: float, beta1: float, beta2: float, weight_decay: float, eps: float, skip: Tensor, divisor: Tensor):
            steps = [step for _ in range(len(params))]
            torch._fused_adamw_(params, grads, averages, squares, [], steps, lr=lr, beta1=beta1, beta2=beta2,
                                weight_decay=weight_decay, eps=eps, amsgrad=False, maximize=False, grad_scale=divisor, found_inf=skip)
            return step

        def norm(tensors: List[Tensor]):
            return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(tensors, 2)))

        def lerp(tensors: List[Tensor], ends: List[Tensor], weight: float):
            torch._foreach_lerp_(tensors, ends, weight)
            return tensors[0]

        def update_scale(scale: Tensor, growth_tracker: Tensor, overflowed: Tensor, growth: float, backoff: float, interval: int):
            return torch._amp_update_scale_(scale, growth_tracker, overflowed, growth, backoff, interval)

        """;

    private static readonly Lazy<jit.CompilationUnit> Script = new(() => jit.compile(Source));

    public static void AdamW(
        Tensor[] parameters, Tensor[] gradients, Tensor[] averages, Tensor[] squares, Tensor step,
        double rate, double weightDecay, AdamWOptions options, Tensor? skip, Tensor? divisor)
    {
        using Scalar lr = rate.ToScalar(), beta1 = options.Beta1.ToScalar(), beta2 = options.Beta2.ToScalar();
        using Scalar decay = weightDecay.ToScalar(), epsilon = options.Epsilon.ToScalar();
        object[] common = [parameters, gradients, averages, squares, step, lr, beta1, beta2, decay, epsilon];
        Tensor updated = (skip, divisor) switch
        {
            (null, null) => Invoke("adamw", common),
            (not null, null) => Invoke("adamw_unless", [.. common, skip]),
            (not null, not null) => Invoke("adamw_scaled", [.. common, skip, divisor]),
            _ => throw new ArgumentException("Gradients are only divided where the update may be skipped too.", nameof(divisor)),
        };
        updated.Dispose();
    }

    /// <summary>Joint norm of all <paramref name="tensors"/>, on their device.</summary>
    public static Tensor Norm(Tensor[] tensors) => Invoke("norm", [tensors]);

    /// <summary>Moves each of <paramref name="tensors"/> towards its end by <paramref name="weight"/> of the way.</summary>
    public static void LerpInPlace(Tensor[] tensors, Tensor[] ends, double weight)
    {
        using Scalar share = weight.ToScalar();
        Invoke("lerp", tensors, ends, share).Dispose();
    }

    /// <summary>Shrinks a loss scale where <paramref name="overflowed"/> is 1, and grows it after <paramref name="interval"/> times that it was not.</summary>
    public static void UpdateScaleInPlace(Tensor scale, Tensor growthTracker, Tensor overflowed, double growth, double backoff, int interval)
    {
        using Scalar up = growth.ToScalar(), down = backoff.ToScalar(), every = interval.ToScalar();
        Invoke("update_scale", scale, growthTracker, overflowed, up, down, every).Dispose();
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
