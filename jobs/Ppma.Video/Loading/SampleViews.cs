using Ppma.Datasets.Ordering;
using Ppma.Datasets.Reading;
using Ppma.Video.Augmentation;
using static TorchSharp.torch;

namespace Ppma.Video.Loading;

/// <summary>
/// Every clip of a split once, in the order of its ordinals, with the same number of views each: for tests and for features. Of several
/// ranks each reads a part of the clips.
/// </summary>
public sealed class SampleViews(Dataset dataset, ClipCut cut, LoadingOptions? options = null, RankShare share = default)
{
    private readonly ClipViews _views = new(cut.Views);

    /// <summary>Clips of the batches handed over that could not be decoded.</summary>
    public DamagedClips Damaged { get; } = new();

    /// <summary>
    /// The paper's test views: <paramref name="clips"/> places in time × <paramref name="crops"/> along the long side
    /// (1: the centre, 3: both ends and the centre).
    /// </summary>
    public IEnumerable<SampleViewBatch> Evaluation(int clips, int crops, int samplesPerBatch, CancellationToken cancellationToken)
    {
        if (crops is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(crops), crops, "There are 1 or 3 crops.");
        }

        return Read(samplesPerBatch, new SampleClips(clips * crops, (clip, _, buffer, row) =>
        {
            foreach (Tensor prepared in clip.ReadEvaluation(clips))
            {
                using Tensor place = prepared, all = _views.Evaluate(place);
                for (int crop = 0; crop < crops; crop++)
                {
                    using Tensor colours = all[crops == 1 ? 1 : crop];
                    buffer.Write(row++, colours);
                }
            }
        }), cancellationToken);
    }

    /// <summary>
    /// <paramref name="views"/> random views of each clip, all of one place in time, as training would draw them in the first pass.
    /// </summary>
    public IEnumerable<SampleViewBatch> Training(long seed, int views, int samplesPerBatch, CancellationToken cancellationToken) =>
        Read(samplesPerBatch, new SampleClips(views, (clip, place, buffer, row) =>
            TrainingClips.CutViews(clip, _views, seed, place.Visit, views, buffer, row)), cancellationToken);

    private IEnumerable<SampleViewBatch> Read(int samplesPerBatch, SampleClips source, CancellationToken cancellationToken)
    {
        var pipeline = new ViewPipeline([dataset], source, Math.Min(samplesPerBatch, dataset.Count), cut, options ?? new LoadingOptions());
        foreach (PendingBatch batch in pipeline.Read(Plan(samplesPerBatch), cancellationToken))
        {
            Damaged.Add([.. batch.Places.SelectMany(place => place.Damaged)]);
            yield return new SampleViewBatch(batch);
        }
    }

    private IEnumerable<BatchPlan> Plan(int samplesPerBatch)
    {
        (int ordinal, int end) = share.Of(dataset.Count);
        int shard = -1, shardEnd = 0;
        while (ordinal < end)
        {
            var places = new Place[Math.Min(samplesPerBatch, end - ordinal)];
            for (int i = 0; i < places.Length; i++)
            {
                int[]? expected = null;
                while (ordinal + i >= shardEnd)
                {
                    shardEnd += dataset.Shards[++shard].Samples;
                    expected = [.. Enumerable.Range(shard, Math.Min(2, dataset.Shards.Count - shard))];
                }

                places[i] = new Place(new Visit(Dataset: 0, Pass: 0, ordinal + i), ordinal + i, expected);
            }

            yield return new BatchPlan(ordinal, places);
            ordinal += places.Length;
        }
    }
}
