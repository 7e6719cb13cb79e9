using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Learning.Evaluation;

/// <summary>What a frozen trunk says of a set of clips: several views each, and the true class. Owns its tensor.</summary>
/// <param name="Features">float32 (clips, views, D).</param>
/// <param name="Labels">Class of each clip.</param>
public sealed record ClipFeatures(Tensor Features, IReadOnlyList<int> Labels) : IDisposable
{
    public int Clips => Labels.Count;

    public int Views => (int)Features.shape[1];

    /// <summary>The given clips alone.</summary>
    public ClipFeatures Select(IReadOnlyList<int> clips)
    {
        using var index = tensor(clips.Select(clip => (long)clip).ToArray());
        return new ClipFeatures(Features.index_select(0, index).DetachFromDisposeScope(), [.. clips.Select(clip => Labels[clip])]);
    }

    /// <summary>
    /// Shifts and scales every feature, here and in <paramref name="others"/>, so that it has mean 0 and variance 1 over these clips: what
    /// batch normalisation without parameters does before a linear probe (He et al., "Masked Autoencoders Are Scalable Vision Learners",
    /// A.1). Without it a probe judges the scale of features as much as what they say.
    /// </summary>
    public void StandardiseInPlace(params ReadOnlySpan<ClipFeatures> others)
    {
        using Scalar least = 1e-6.ToScalar(); // a feature that never changes stays 0
        using var scope = NewDisposeScope();
        var (variance, mean) = var_mean(Features.flatten(0, 1), [0], unbiased: false);
        var deviation = variance.sqrt().clamp_min_(least);
        Features.sub_(mean).div_(deviation);
        foreach (var other in others)
        {
            other.Features.sub_(mean).div_(deviation);
        }
    }

    public void Dispose() => Features.Dispose();
}
