using Ppma.Datasets.Ordering;
using Ppma.Datasets.Randomness;
using Ppma.Datasets.Reading;
using Ppma.Video.Augmentation;
using Ppma.Video.Decoding;
using TorchSharp;

namespace Ppma.Video.Loading;

/// <summary>Random views of clips, and other clips for damaged ones.</summary>
internal sealed class TrainingClips(IReadOnlyList<Dataset> datasets, StageOrder order, TrainingPlan plan, ClipCut cut) : IViewSource
{
    /// <summary>
    /// Damaged clips for one place of a batch. One bad file is no reason to stop a run of days; so many draws from the whole
    /// data set mean that the data, not a clip, is wrong. Counted by place, so that threads do not decide it.
    /// </summary>
    private const int MostDamagedInARow = 20;

    private readonly ClipViews _views = new(cut.Views);

    public int RowsPerClip => plan.ViewsPerClip;

    public void Cut(ClipReader clip, Place place, BatchBuffer buffer, int firstRow) =>
        CutViews(clip, _views, plan.Seed, place.Visit, plan.ViewsPerClip, buffer, firstRow);

    public Place? Replace(Place planned, int attempt, SampleRef damaged, VideoFormatException reason)
    {
        int dataset = planned.Visit.Dataset;
        return attempt + 1 < MostDamagedInARow
            ? planned with { Visit = order[dataset].ReplacementAt(planned.Cursor, attempt) }
            : throw new DamagedDatasetException(
                $"data set '{datasets[dataset].Index.Name}': {MostDamagedInARow} clips in a row could not be decoded, the last one is " +
                $"'{damaged.Record.Key}' in shard '{damaged.Shard.Name}' ({reason.Message}). " +
                "Check the shard with 'ppma dataset verify --read-shards' and write it again.",
                reason);
    }

    /// <summary>Views of one place in time.</summary>
    public static void CutViews(ClipReader clip, ClipViews views, long seed, Visit visit, int count, BatchBuffer buffer, int firstRow)
    {
        var start = new PhiloxStream(seed, RandomPurpose.ClipStart, visit.Pass, visit.RandomSample);
        using torch.Tensor prepared = clip.ReadTraining(start.NextDouble());
        for (int view = 0; view < count; view++)
        {
            var name = new ViewName(seed, visit.Pass, visit.RandomSample, view);
            using torch.Tensor colours = views.Train(prepared, name);
            buffer.Write(firstRow + view, colours);
            if (views.DrawErasing(name) is { } erased)
            {
                buffer.Erase(firstRow + view, erased.Box, erased.Random);
            }
        }
    }
}
