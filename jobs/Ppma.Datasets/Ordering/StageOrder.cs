namespace Ppma.Datasets.Ordering;

/// <summary>
/// Which clips a stage reads at every step: batches mixed from its data sets, each batch from one of them and going on where that
/// set's last batch ended. A pure function of its inputs at the same cost for any step, so continuing needs a step and nothing else.
/// </summary>
public sealed class StageOrder
{
    private readonly IReadOnlyList<StageSource> _sources;
    private readonly SampleOrder[] _orders;
    private readonly Mixer _mixer;
    private readonly long _seed;
    private readonly long _shuffleBlockBytes;

    /// <param name="sources">The stage's data sets, in the order of the manifest.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="shuffleBlockBytes">Size of a shuffle block.</param>
    /// <param name="clipsPerBatch">Clips of a whole batch, all ranks together.</param>
    public StageOrder(IReadOnlyList<StageSource> sources, long seed, long shuffleBlockBytes, int clipsPerBatch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clipsPerBatch);
        _sources = sources;
        _seed = seed;
        _shuffleBlockBytes = shuffleBlockBytes;
        ClipsPerBatch = clipsPerBatch;
        _orders = [.. sources.Select((source, dataset) => new SampleOrder(source.Shards, seed, shuffleBlockBytes, dataset))];
        _mixer = new Mixer([.. sources.Select((source, dataset) => source.Weight ?? _orders[dataset].Count)], seed);
    }

    public int ClipsPerBatch { get; }

    /// <summary>Clips of each data set.</summary>
    public IEnumerable<long> Counts => _orders.Select(order => (long)order.Count);

    /// <summary>Where the batch of a step comes from.</summary>
    /// <param name="step">Steps before it in the stage.</param>
    public BatchPlace At(long step)
    {
        MixedBatch batch = _mixer.At(step);
        return new BatchPlace(batch.Dataset, batch.Batch * ClipsPerBatch);
    }

    /// <summary>The order of one data set; its cursor counts clips from the start of the stage.</summary>
    public SampleOrder this[int dataset] => _orders[dataset];

    /// <summary>The state after some steps, for a checkpoint.</summary>
    public StreamState StateAfter(long steps)
    {
        var datasets = new StreamPlace[_sources.Count];
        IReadOnlyList<long> batches = _mixer.Before(steps);
        for (int dataset = 0; dataset < datasets.Length; dataset++)
        {
            (long pass, long position) = Math.DivRem(batches[dataset] * ClipsPerBatch, _orders[dataset].Count);
            datasets[dataset] = new StreamPlace(_sources[dataset].Digest, _sources[dataset].Split, pass, position);
        }

        return new StreamState
        {
            Seed = _seed,
            ShuffleBlockBytes = _shuffleBlockBytes,
            ClipsPerBatch = ClipsPerBatch,
            Batches = steps,
            Datasets = datasets,
        };
    }
}
