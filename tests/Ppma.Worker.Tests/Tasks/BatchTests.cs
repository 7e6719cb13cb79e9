using CsCheck;
using Ppma.Api.Tasks;
using Ppma.Datasets.Labels;
using Ppma.Datasets.Ordering;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Learning.Models;
using Ppma.Learning.Training;
using Ppma.Video.Loading;
using Ppma.Worker.Tasks;

namespace Ppma.Worker.Tests.Tasks;

/// <summary>What the two objectives add to the views: masks, and targets.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class BatchTests(TinyData data)
{
    private const int Rows = 8;

    private static readonly TaskSpec Spec = TinyTasks.Mae(Path.GetTempPath());

    private static readonly PretrainStageTask Stage = Spec.PretrainStage!;

    private static readonly AugmentationSpec Mixing = new() { MixUpAlpha = 0.8, CutMixAlpha = 1, MixGroup = 3, LabelSmoothing = 0.1 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MaskedBatches_EveryView_HasAMaskOfItsOwn()
    {
        VisionTransformerOptions model = Stage.Model.ToOptions();
        var batches = new MaskedBatches(await ViewsAsync(viewsPerClip: 2), new MaskDraw(model, maskRatio: 0.7), seed: 3);

        string[] masks = [.. Read(batches, firstStep: 0, count: 5, batch =>
        {
            // 0.7 of 8 tokens are 5.6: the part of a token is cut off.
            Assert.Equal([Rows, 5], batch.Mask!.Masked.shape);
            Assert.Equal([Rows, 3], batch.Mask.Visible.shape);
            return batch.Mask.Masked.data<long>().Chunk(5).Select(row => string.Join(' ', row)).ToArray();
        }).SelectMany(rows => rows)];

        // Of 56 possible masks 40 draws meet about 29.
        Assert.InRange(masks.Distinct().Count(), 20, 38);
        Assert.NotEqual(masks[0], masks[1]);
    }

    [Fact]
    public async Task MaskedBatches_FromAnyStep_AreTheSame()
    {
        var batches = new MaskedBatches(await ViewsAsync(viewsPerClip: 2), new MaskDraw(Stage.Model.ToOptions(), maskRatio: 0.7), seed: 3);
        static long[] Mask(Batch batch) => [.. batch.Mask!.Masked.data<long>()];

        Assert.Equal(Read(batches, 0, 4, Mask).Skip(2), Read(batches, 2, 2, Mask));
    }

    [Fact]
    public async Task ClassifierBatches_WithoutMixing_TargetTheSmoothedLabel()
    {
        TrainingViews views = await ViewsAsync();
        string[] classes = [.. (await OpenAsync()).Index.Classes];
        var labels = LabelMap.ByName([classes]);
        var batches = new ClassifierBatches(views, labels, new AugmentationSpec { LabelSmoothing = 0.1 }, seed: 3);
        using ViewBatch first = views.ReadFrom(0, Token).First();

        float[][] targets = [.. Read(batches, 0, 1, Targets).Single()];

        for (int row = 0; row < Rows; row++)
        {
            int output = labels.OutputOf(dataset: 0, first.Views[row].Label);
            for (int other = 0; other < classes.Length; other++)
            {
                Assert.Equal((0.1 / 8) + (other == output ? 0.9 : 0), targets[row][other], 1e-6);
            }
        }
    }

    [Fact]
    public async Task ClassifierBatches_Mixed_ShareOneDrawAGroupAndSumTo1()
    {
        var batches = new ClassifierBatches(await ViewsAsync(), LabelMap.ByIndex([new string[8]]), Mixing, seed: 3);

        foreach (float[][] targets in Read(batches, 0, 4, Targets))
        {
            Assert.All(targets, row => Assert.Equal(1, row.Sum(), 1e-5));

            // Groups of three, three and two: the highest share is the same in a group, unless both clips are of one class.
            foreach (float[][] group in targets.Chunk(3))
            {
                Assert.InRange(group.Select(row => MathF.Round(row.Max(), 4)).Where(share => share < 0.9f).Distinct().Count(), 0, 1);
            }
        }
    }

    [Fact]
    public async Task ClassifierBatches_FromAnyStep_AreTheSame()
    {
        var batches = new ClassifierBatches(await ViewsAsync(), LabelMap.ByIndex([new string[8]]), Mixing, seed: 3);
        static float[] All(Batch batch) => [.. batch.Targets!.data<float>(), .. batch.Video.data<float>()];

        Assert.Equal(Read(batches, 0, 4, All).Skip(2), Read(batches, 2, 2, All));
    }

    [Fact]
    public async Task ClassifierBatches_AnyRanksAndGroups_MakeTogetherWhatOneRankMakes()
    {
        Dataset dataset = await OpenAsync();
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 6], Gen.Int[1, 4]).Sample(
            (clips, mixGroup, world) =>
            {
                AugmentationSpec augmentation = Mixing with { MixGroup = mixGroup };
                List<float> whole = Rank(RankShare.Whole);
                List<float> parts = [.. Enumerable.Range(0, world).SelectMany(rank => Rank(new RankShare(rank, world)))];
                Assert.Equal(whole, parts);

                List<float> Rank(RankShare share)
                {
                    OptimizationSpec optimization = Stage.Optimization with { BatchSize = clips, ViewsPerClip = 1 };
                    TrainingPlan plan = TaskTraining.Plan(Spec, optimization, augmentation, shuffleBlockBytes: 1 << 20) with { Share = share };
                    (int first, int end) = share.Of(clips, plan.ClipsPerGroup);
                    return first == end ? [] : Read(Batches(dataset, plan, augmentation), firstStep: 1, count: 1, Fingerprint).Single();
                }
            },
            iter: 12,
            threads: 1);

        // Of each clip the mean of every column, and its targets.
        static List<float> Fingerprint(Batch batch)
        {
            float[] columns = [.. batch.Video.mean([1, 2, 3]).contiguous().data<float>()];
            float[] targets = [.. batch.Targets!.data<float>()];
            return [.. columns.Chunk(16).Zip(targets.Chunk(8)).SelectMany(clip => clip.First.Concat(clip.Second))];
        }
    }

    [Fact]
    public async Task ClassifierBatches_Mixed_PairEachClipWithItsMirrorInTheGroup()
    {
        Dataset dataset = await OpenAsync();
        AugmentationSpec mixUp = Mixing with { CutMixAlpha = 0, LabelSmoothing = 0, MixGroup = 5 };
        TrainingPlan plan = TaskTraining.Plan(Spec, Stage.Optimization with { ViewsPerClip = 1 }, mixUp, shuffleBlockBytes: 1 << 20);
        float[][] mixed = Read(Batches(dataset, plan, mixUp), 0, 1, Targets).Single();
        float[][] plain = Read(Batches(dataset, plan, mixUp with { MixUpAlpha = 0 }), 0, 1, Targets).Single();

        foreach ((int first, int count) in new[] { (0, 5), (5, 3) })
        {
            // One share for the whole group; the one in the middle is its own mirror.
            int unlike = Enumerable.Range(0, count).First(i => !plain[first + i].SequenceEqual(plain[first + count - 1 - i]));
            float share = mixed[first + unlike][Array.IndexOf(plain[first + unlike], 1f)];
            for (int i = 0; i < count; i++)
            {
                float[] expected = [.. plain[first + i].Zip(plain[first + count - 1 - i], (own, mirror) => (share * own) + ((1 - share) * mirror))];
                Assert.All(expected.Zip(mixed[first + i]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            }
        }
    }

    [Fact]
    public async Task SampleKeys_OfABatch_NameEveryClipOnceAsDataSetShardAndKey()
    {
        var masked = new MaskedBatches(await ViewsAsync(viewsPerClip: 2), new MaskDraw(Stage.Model.ToOptions(), maskRatio: 0.7), seed: 3);
        var classified = new ClassifierBatches(await ViewsAsync(), LabelMap.ByIndex([new string[8]]), Mixing, seed: 3);

        // Asked for when the batch is gone.
        string[] ofMasked = [.. Read(masked, 0, 1, batch => batch.SampleKeys!).Single()()];
        string[] ofClassified = [.. Read(classified, 0, 1, batch => batch.SampleKeys!).Single()()];

        Assert.Equal((Rows / 2, Rows), (ofMasked.Distinct().Count(), ofClassified.Distinct().Count()));
        Assert.All([.. ofMasked, .. ofClassified], key => Assert.Matches("^actions/train-[0-9]{6}\\.tar/.+$", key));
    }

    private static ClassifierBatches Batches(Dataset dataset, TrainingPlan plan, AugmentationSpec augmentation) => new(
        new TrainingViews([dataset], plan, Stage.Clip.ToTrainingCut(Stage.Model, new AugmentationSpec()), new LoadingOptions { Threads = 1 }),
        LabelMap.ByIndex([new string[8]]), augmentation, seed: 3);

    private Task<Dataset> OpenAsync() => Dataset.OpenAsync(BlobStore.Open(data.Actions.Uri), "train", cancellationToken: Token);

    private async Task<TrainingViews> ViewsAsync(int viewsPerClip = 1) => new(
        [await OpenAsync()],
        new TrainingPlan { Seed = 3, ClipsPerBatch = Rows / viewsPerClip, ViewsPerClip = viewsPerClip, ShuffleBlockBytes = 1 << 20 },
        Stage.Clip.ToTrainingCut(Stage.Model, new AugmentationSpec()));

    private static float[][] Targets(Batch batch) => [.. batch.Targets!.data<float>().Chunk(8)];

    private static List<T> Read<T>(IBatchSource batches, long firstStep, int count, Func<Batch, T> look)
    {
        var seen = new List<T>();
        foreach (Batch batch in batches.ReadFrom(firstStep, Token).Take(count))
        {
            using (batch)
            {
                seen.Add(look(batch));
            }
        }

        return seen;
    }
}
