using TorchSharp;

namespace Ppma.Video.Loading;

/// <summary>The views of consecutive samples. Owns its tensor.</summary>
/// <param name="Video">Float32 (samples, views, 3, frames, size, size), normalised; zeros where a clip is damaged.</param>
/// <param name="FirstOrdinal">Ordinal of the first sample.</param>
/// <param name="Labels">Class of each sample.</param>
/// <param name="Damaged">Whether a sample could not be decoded.</param>
public sealed record SampleViewBatch(torch.Tensor Video, int FirstOrdinal, IReadOnlyList<int> Labels, IReadOnlyList<bool> Damaged) : IDisposable
{
    public void Dispose() => Video.Dispose();
}
