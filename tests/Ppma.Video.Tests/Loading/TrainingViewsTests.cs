using CsCheck;
using Ppma.Datasets;
using Ppma.Datasets.Ordering;
using Ppma.Datasets.Reading;
using Ppma.Video.Loading;
using TorchSharp;

namespace Ppma.Video.Tests.Loading;

[Collection(nameof(LiveTensors))]
public sealed class TrainingViewsTests : IDisposable
{
    private static readonly TrainingPlan Plan = new() { Seed = 3, ClipsPerBatch = 4, ViewsPerClip = 2, ShuffleBlockBytes = 20 << 10 };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadFrom_AnyStepWithAnyThreads_GivesWhatOneThreadGivesFromTheStart()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);
        (ViewOrigin[] Views, float[] Pixels)[] expected = [.. Batches(Views(dataset, threads: 1), firstStep: 0, count: 7)];

        Gen.Select(Gen.Int[0, 6], Gen.Int[1, 4]).Sample(
            (firstStep, threads) =>
            {
                var read = Batches(Views(dataset, threads), firstStep, expected.Length - firstStep);
                return read.Zip(expected.Skip(firstStep)).All(pair =>
                    pair.First.Views.SequenceEqual(pair.Second.Views) && pair.First.Pixels.SequenceEqual(pair.Second.Pixels));
            },
            iter: 12,
            threads: 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void PlanFrom_BatchesLongerThanBlocks_AnnouncesShardsWithTheClipThatNeedsThemFirst(long firstStep)
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);
        Assert.True(dataset.Shards.Count > 3);
        var views = new TrainingViews([dataset], Plan with { ShuffleBlockBytes = 1 }, TinyDataset.Cut);
        IReadOnlyList<int> announced = [];

        foreach (Place place in views.PlanFrom(firstStep).Take(9).SelectMany(batch => batch.Places))
        {
            announced = place.Expected ?? announced;
            Assert.Equal(ShardOf(place.Visit.Ordinal), announced[0]);
            Assert.InRange(announced.Count, 1, 2);
        }

        int ShardOf(int ordinal)
        {
            int shard = 0;
            for (int end = dataset.Shards[0].Samples; end <= ordinal; end += dataset.Shards[++shard].Samples)
            {
            }

            return shard;
        }
    }

    [Fact]
    public void ReadFrom_OnePass_VisitsEveryClipOnceWithItsViewsTogether()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);

        ViewOrigin[] views = [.. Batches(Views(dataset), firstStep: 0, count: 6).SelectMany(batch => batch.Views)];

        foreach (ViewOrigin[] pair in views.Chunk(2))
        {
            Assert.Equal(pair[0].Visit, pair[1].Visit);
            Assert.Equal([0, 1], pair.Select(view => view.View));
        }

        Assert.All(views, view => Assert.Equal(view.Visit.Ordinal % 3, view.Label));
        foreach (IGrouping<long, ViewOrigin> pass in views.GroupBy(view => view.Visit.Pass))
        {
            Assert.Equal(Enumerable.Range(0, TinyDataset.Clips), pass.Where(view => view.View == 0).Select(view => view.Visit.Ordinal).Order());
        }
    }

    [Fact]
    public void Read_ViewsOfAClip_DifferAndChangeFromPassToPass()
    {
        // A clip as long as the video begins where it begins: what differs is the crop.
        Dataset dataset = TinyDataset.Open(_folder.Path);
        var views = new TrainingViews([dataset], Plan, TinyDataset.Cut with { ClipSeconds = 0.8 });

        var pixels = Batches(views, firstStep: 0, count: 6)
            .SelectMany(batch => batch.Views.Zip(batch.Pixels.Chunk(batch.Pixels.Length / batch.Views.Length)))
            .Where(view => view.First.Visit.Ordinal == 5)
            .Select(view => Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(view.Second)));

        Assert.Equal(4, pixels.Distinct().Count());
    }

    [Fact]
    public void ReadFrom_SeveralDatasets_TakesEachBatchOfOneInTheSharesAskedFor()
    {
        Dataset[] datasets = [TinyDataset.Open(_folder.File("one")), TinyDataset.Open(_folder.File("other"))];
        var views = new TrainingViews(datasets, Plan with { Weights = [3, 1] }, TinyDataset.Cut);

        int[] sources = [.. Batches(views, firstStep: 0, count: 8).Select(batch => Assert.Single(batch.Views.Select(view => view.Visit.Dataset).Distinct()))];

        Assert.Equal(2, sources.Count(source => source == 1));
    }

    [Fact]
    public void ReadFrom_DamagedClip_ReplacesItAlikeAndMovesNothingElse()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path, damaged: 5);
        TrainingViews one = Views(dataset, threads: 1), four = Views(dataset, threads: 4);

        Visit[] visits = [.. Visits(one)];

        Assert.Equal(visits, Visits(four));
        var order = new SampleOrder(dataset.ShardSizes(), Plan.Seed, Plan.ShuffleBlockBytes);
        for (int cursor = 0; cursor < visits.Length; cursor++)
        {
            Visit planned = order.At(cursor);
            Assert.True(planned.Ordinal == 5 ? visits[cursor].Ordinal != 5 : visits[cursor] == planned, $"{planned} became {visits[cursor]}");
        }

        // Once a pass, and again where a replacement is the same clip.
        Assert.Equal(one.Damaged.Count, four.Damaged.Count);
        Assert.InRange(one.Damaged.Count, 2, 4);
        Assert.All(one.Damaged.Named, clip => Assert.Equal(("tiny", "clip-05"), (clip.Dataset, clip.Key)));

        static IEnumerable<Visit> Visits(TrainingViews views) =>
            Batches(views, firstStep: 0, count: 6).SelectMany(batch => batch.Views.Where(origin => origin.View == 0)).Select(origin => origin.Visit);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ReadFrom_NothingThatDecodes_StopsNamingDataSetAndShard(int threads)
    {
        Dataset dataset = TinyDataset.Open(_folder.Path, [.. Enumerable.Range(0, TinyDataset.Clips)]);

        var failure = Assert.Throws<DamagedDatasetException>(
            () => Views(dataset, threads).ReadFrom(0, Token).First());

        Assert.Contains("data set 'tiny': 20 clips in a row", failure.Message, StringComparison.Ordinal);
        Assert.Contains("shard 'train-0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFrom_ShardThatChanged_IsNoDamagedClip()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);
        TinyDataset.Spoil(_folder.Path, dataset, clip: 7);
        TrainingViews views = Views(dataset);

        var failure = Assert.Throws<DatasetFormatException>(() => Batches(views, firstStep: 0, count: 3).Count());

        Assert.Equal(DatasetFault.HashMismatch, failure.Fault);
        Assert.Contains("clip-07", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, views.Damaged.Count);
    }

    [Fact]
    public void ReadFrom_LeftEarly_KeepsNoTensor()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);
        TrainingViews views = Views(dataset);
        long before = LiveTensors.Settled();

        for (int i = 0; i < 3; i++)
        {
            foreach (ViewBatch batch in views.ReadFrom(i, Token))
            {
                batch.Dispose();
                break;
            }
        }

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void ReadFrom_Cancelled_EndsWithoutATensor()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);
        using var stop = new CancellationTokenSource();
        long before = LiveTensors.Settled();

        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (ViewBatch batch in Views(dataset).ReadFrom(0, stop.Token))
            {
                batch.Dispose();
                stop.Cancel();
            }
        });

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    private static TrainingViews Views(Dataset dataset, int threads = 2) =>
        new([dataset], Plan, TinyDataset.Cut, new LoadingOptions { Threads = threads });

    private static IEnumerable<(ViewOrigin[] Views, float[] Pixels)> Batches(TrainingViews views, long firstStep, int count)
    {
        foreach (ViewBatch batch in views.ReadFrom(firstStep, Token).Take(count))
        {
            using (batch)
            {
                using torch.Tensor video = batch.ToDevice(torch.CPU);
                Assert.Equal([8L, 3, 4, 16, 16], video.shape);
                yield return ([.. batch.Views], video.data<float>().ToArray());
            }
        }
    }
}
