using Ppma.Learning.Models;
using static TorchSharp.torch;

namespace Ppma.Learning.Training;

/// <summary>The input of one optimiser step. Owns its tensors.</summary>
public sealed class Batch : IDisposable
{
    /// <summary>Normalised clips, float32 (B, 3, T, H, W).</summary>
    public required Tensor Video { get; init; }

    /// <summary>Masked autoencoding: which tokens are hidden.</summary>
    public TokenMask? Mask { get; init; }

    /// <summary>Classification: soft targets, float32 (B, classes); every row sums to 1.</summary>
    public Tensor? Targets { get; init; }

    /// <summary>Classification: which head of the model the targets are for. The default value is 0.</summary>
    public int Head { get; init; }

    /// <summary>
    /// Names the samples, data set and key, should a run have to be stopped because of them; null where nobody knows. May be called after the
    /// batch is disposed.
    /// </summary>
    public Func<IReadOnlyList<string>>? SampleKeys { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Video.Dispose();
        Mask?.Dispose();
        Targets?.Dispose();
    }
}
