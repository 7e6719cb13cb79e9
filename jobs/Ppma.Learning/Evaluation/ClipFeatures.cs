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

    public void Dispose() => Features.Dispose();
}
