using Ppma.Datasets;
using Ppma.Datasets.Ordering;
using Ppma.Datasets.Reading;

namespace Ppma.Video.Loading;

/// <summary>
/// The batches of a training stage. What a step reads is a pure function of (plan, step): a run that continues at a step
/// reads what an uninterrupted one would have read, whatever the number of threads and ranks.
/// </summary>
public sealed class TrainingViews
{
    private readonly IReadOnlyList<Dataset> _datasets;
    private readonly TrainingPlan _plan;
    private readonly ViewPipeline _pipeline;

    // This rank's clips of a batch, by their number in it.
    private readonly int _first;
    private readonly int _end;

    /// <param name="datasets">The stage's data sets, in the order of the manifest.</param>
    /// <param name="plan">Order and views.</param>
    /// <param name="cut">How clips and views are cut.</param>
    /// <param name="options">What loading may use of the machine.</param>
    /// <exception cref="ArgumentException">The memory cannot hold the batches, or there is nothing to do for this rank; the message has the numbers.</exception>
    public TrainingViews(IReadOnlyList<Dataset> datasets, TrainingPlan plan, ClipCut cut, LoadingOptions? options = null)
    {
        _datasets = datasets;
        _plan = plan;
        Order = new StageOrder([.. datasets.Select(SourceOf)], plan.Seed, plan.ShuffleBlockBytes, plan.ClipsPerBatch);
        (_first, _end) = plan.Share.Of(plan.ClipsPerBatch, plan.ClipsPerGroup);
        if (_first == _end)
        {
            throw new ArgumentException(
                $"A batch of {plan.ClipsPerBatch} clips in groups of {plan.ClipsPerGroup} leaves nothing for rank {plan.Share.Rank} of {plan.Share.WorldSize}. " +
                "Use fewer ranks or a larger batch.",
                nameof(plan));
        }

        _pipeline = new ViewPipeline(datasets, new TrainingClips(datasets, Order, plan, cut), _end - _first, cut, options ?? new LoadingOptions());
    }

    /// <summary>Which clips are visited when.</summary>
    public StageOrder Order { get; }

    /// <summary>Clips of the batches handed over that could not be decoded and were replaced.</summary>
    public DamagedClips Damaged { get; } = new();

    /// <summary>
    /// Batches from <paramref name="firstStep"/> on, without end, made ahead on threads of their own. The caller disposes each before it
    /// asks for the next.
    /// </summary>
    /// <exception cref="DamagedDatasetException">Too many clips in a row cannot be decoded.</exception>
    /// <exception cref="DatasetFormatException">A shard does not hold what was recorded.</exception>
    /// <exception cref="Datasets.Stores.StoreException">A shard cannot be read.</exception>
    public IEnumerable<ViewBatch> ReadFrom(long firstStep, CancellationToken cancellationToken)
    {
        foreach (PendingBatch batch in _pipeline.Read(PlanFrom(firstStep), cancellationToken))
        {
            var views = new ViewOrigin[batch.Places.Count * _plan.ViewsPerClip];
            for (int row = 0; row < views.Length; row++)
            {
                (int place, int view) = Math.DivRem(row, _plan.ViewsPerClip);
                views[row] = new ViewOrigin(batch.Places[place].Visit, view, batch.Places[place].Label);
            }

            Damaged.Add([.. batch.Places.SelectMany(place => place.Damaged)]);
            yield return new ViewBatch(batch.Plan.Number, _first * _plan.ViewsPerClip, views, batch.Buffer);
        }
    }

    /// <summary>The clips of some views, each once, as data set/shard/key: for messages. Reads where a shard's samples lie if that is forgotten.</summary>
    public IReadOnlyList<string> NamesOf(IReadOnlyList<ViewOrigin> views) =>
    [
        .. views.Select(view => view.Visit).Distinct().Select(visit =>
        {
            Dataset dataset = _datasets[visit.Dataset];
            SampleRef sample = dataset.GetAsync(visit.Ordinal).AsTask().GetAwaiter().GetResult();
            return $"{dataset.Index.Name}/{sample.Shard.Name}/{sample.Record.Key}";
        }),
    ];

    private StageSource SourceOf(Dataset dataset, int number) => new()
    {
        Digest = dataset.Digest,
        Split = dataset.Split,
        Shards = dataset.ShardSizes(),
        Weight = _plan.Weights?[number],
    };

    internal IEnumerable<BatchPlan> PlanFrom(long firstStep)
    {
        var blockEnds = new long[_datasets.Count];
        for (long step = firstStep; ; step++)
        {
            BatchPlace batch = Order.At(step);
            SampleOrder order = Order[batch.Dataset];
            var places = new Place[_end - _first];
            for (int i = 0; i < places.Length; i++)
            {
                long cursor = batch.FirstCursor + _first + i;
                int[]? expected = null;
                if (cursor >= blockEnds[batch.Dataset])
                {
                    ShuffleBlock block = order.BlockAt(cursor);
                    blockEnds[batch.Dataset] = block.EndCursor;
                    expected = [.. block.Shards.Union(order.BlockAt(block.EndCursor).Shards)];
                }

                places[i] = new Place(order.At(cursor), cursor, expected);
            }

            yield return new BatchPlan(step, places);
        }
    }
}
