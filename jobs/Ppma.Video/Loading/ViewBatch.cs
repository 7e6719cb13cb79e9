using Ppma.Datasets.Ordering;
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

/// <summary>Where a view comes from.</summary>
/// <param name="Visit">The clip, after a damaged one was replaced.</param>
/// <param name="View">Number of the view of that clip.</param>
/// <param name="Label">Class in the clip's own data set; −1 where it has none.</param>
public readonly record struct ViewOrigin(Visit Visit, int View, int Label);
