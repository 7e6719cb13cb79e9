using Ppma.Video.Sampling;
using TorchSharp;

namespace Ppma.Video.Loading;

/// <summary>A box of a view that noise replaces once the view is normalised.</summary>
/// <param name="Row">Row of the batch.</param>
/// <param name="Box">The box.</param>
/// <param name="Noise">Float32 (3, frames, box height, box width).</param>
internal sealed record ErasedBox(int Row, CropBox Box, torch.Tensor Noise);
