using static TorchSharp.torch;

namespace Ppma.Video.Augmentation;

/// <summary>Class labels as distributions.</summary>
public static class SoftTargets
{
    /// <summary>Distributions (batch, classes), single precision: 1 − smoothing at the label, smoothing spread over all classes.</summary>
    /// <param name="labels">Class of each sample, int64, (batch).</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="smoothing">Share taken from the label, 0 to 1.</param>
    public static Tensor FromLabels(Tensor labels, int classes, double smoothing = 0)
    {
        using var scope = NewDisposeScope();
        return nn.functional.one_hot(labels, classes).to_type(ScalarType.Float32).mul_(1 - smoothing).add_(smoothing / classes)
            .MoveToOuterDisposeScope();
    }
}
