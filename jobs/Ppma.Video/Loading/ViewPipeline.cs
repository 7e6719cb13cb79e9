using Ppma.Datasets.Reading;
using static TorchSharp.torch;

namespace Ppma.Video.Loading;

/// <summary>Makes planned batches, ahead of the one who reads them.</summary>
internal sealed class ViewPipeline
{
    private readonly int _rows;

    /// <param name="datasets">What the visits' numbers of data sets mean.</param>
    /// <param name="source">What becomes of a clip.</param>
    /// <param name="clipsPerBatch">Clips of the largest batch.</param>
    /// <param name="cut">How clips are cut.</param>
    /// <param name="options">What may be used.</param>
    /// <exception cref="ArgumentException">There is too little memory for the batches.</exception>
    public ViewPipeline(IReadOnlyList<Dataset> datasets, IViewSource source, int clipsPerBatch, ClipCut cut, LoadingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        Datasets = datasets;
        Source = source;
        Cut = cut;
        Options = options;
        _rows = clipsPerBatch * source.RowsPerClip;
        Memory = LoadingMemory.Divide(options.MemoryBytes, _rows * BytesOfView(cut), options.Threads);
    }

    public IReadOnlyList<Dataset> Datasets { get; }

    public IViewSource Source { get; }

    public ClipCut Cut { get; }

    public LoadingOptions Options { get; }

    public LoadingMemory Memory { get; }

    /// <summary>
    /// The batches, in the order of their plans. The caller disposes each before it asks for the next; the memory of one that it keeps is
    /// no longer counted.
    /// </summary>
    public IEnumerable<PendingBatch> Read(IEnumerable<BatchPlan> plans, CancellationToken cancellationToken)
    {
        using var stream = new ViewStream(this, plans, cancellationToken);
        while (stream.Next() is { } batch)
        {
            yield return batch;
            batch.Buffer.LetGo();
        }
    }

    /// <summary>The memory of all batches of one stream.</summary>
    public BatchBuffers CreateBuffers() => new(
        Memory.Batches,
        [_rows, 3, Cut.Frames, Cut.Views.Size, Cut.Views.Size],
        Cut.IsFast ? ScalarType.Byte : ScalarType.Float32,
        _rows * BytesOfView(Cut),
        Options.Metrics.BytesInFlight);

    private static long BytesOfView(ClipCut cut)
    {
        long frames = 3L * cut.Frames, area = (long)cut.Views.Size * cut.Views.Size;
        if (!cut.IsFast)
        {
            return sizeof(float) * frames * area;
        }

        // Noise of single precision covers at most a third of the picture; sides are rounded.
        long noise = cut.Views.Erasing is null ? 0 : sizeof(float) * frames * ((area / 3) + cut.Views.Size + 1);
        return (frames * area) + noise;
    }
}
