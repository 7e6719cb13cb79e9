using Ppma.Learning.Interop;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Ppma.Learning.Objectives;

/// <summary>Cross-entropy with soft targets.</summary>
public static class SoftCrossEntropy
{
    /// <summary>Mean over the batch of −Σ t·log softmax: logits (B, C), targets (B, C) that sum to 1.</summary>
    public static Tensor Loss(Tensor logits, Tensor targets) =>
        -(targets * functional.log_softmax(logits.to_type(ScalarType.Float32), 1)).sum(1).mean();

    /// <summary>
    /// Targets from classes: labels (B) int64 to (B, classes), <paramref name="smoothing"/> spread evenly over all classes.
    /// </summary>
    public static Tensor Targets(Tensor labels, int classes, double smoothing = 0)
    {
        var hard = functional.one_hot(labels, classes).to_type(ScalarType.Float32);
        using Scalar own = (1 - smoothing).ToScalar(), everyone = (smoothing / classes).ToScalar();
        return hard.mul_(own).add_(everyone, Arithmetic.One);
    }
}
