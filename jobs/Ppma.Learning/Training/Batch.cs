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

    /// <summary>The batch cut into <paramref name="count"/> parts of equal length, in order; they look into its tensors and copy nothing.</summary>
    /// <exception cref="ArgumentException">The clips cannot be shared evenly.</exception>
    public IEnumerable<Batch> Cut(int count)
    {
        long clips = Video.shape[0];
        if (clips % count != 0)
        {
            throw new ArgumentException($"A batch of {clips} clips cannot be cut into {count} equal parts: choose accumulation steps that divide it.", nameof(count));
        }

        long length = clips / count;
        return Enumerable.Range(0, count).Select(part => new Batch
        {
            Video = Video.narrow(0, part * length, length),
            Mask = Mask?.Of(part * length, length),
            Targets = Targets?.narrow(0, part * length, length),
            Head = Head,
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Video.Dispose();
        Mask?.Dispose();
        Targets?.Dispose();
    }
}
