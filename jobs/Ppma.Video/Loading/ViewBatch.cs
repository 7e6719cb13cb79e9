using TorchSharp;

namespace Ppma.Video.Loading;

/// <summary>The views of one batch, all of one data set. Owns its tensor.</summary>
/// <param name="Step">The step it belongs to.</param>
/// <param name="Video">Float32 (views, 3, frames, size, size), normalised.</param>
/// <param name="Views">Where each view comes from; views of one clip stand together.</param>
public sealed record ViewBatch(long Step, torch.Tensor Video, IReadOnlyList<ViewOrigin> Views) : IDisposable
{
    public void Dispose() => Video.Dispose();
}
