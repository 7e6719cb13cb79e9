using System.IO.Hashing;
using System.Runtime.InteropServices;
using CsCheck;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ordering;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Video.Augmentation;
using Ppma.Video.Loading;
using TorchSharp;

namespace Ppma.Video.Tests.Loading;

/// <summary>Whatever loads the clips, and however fast: the same views, every clip exactly once a pass.</summary>
[Collection(nameof(LiveTensors))]
public sealed class LoadingOrderTests : IDisposable
{
    private static readonly int[] Counts = [1, 2, 4, 8];

    private static readonly TrainingPlan Plan = new() { Seed = 3, ClipsPerBatch = 12, ViewsPerClip = 2, ShuffleBlockBytes = 20 << 10 };

    private static readonly ClipCut Erasing = TinyDataset.Cut with { Views = TinyDataset.Cut.Views with { Erasing = new RandomErasing { Probability = 0.5 } } };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadFrom_AnyThreadsAndRanks_TogetherGiveWhatOneOfEachGives()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);
        View[] expected = [.. Views(dataset, Plan, threads: 1, steps: 2)];
        Assert.Equal(2 * 2 * TinyDataset.Clips, expected.Distinct().Count());
        Assert.All(
            expected.GroupBy(view => view.Origin.Visit.Pass),
            pass => Assert.Equal(Enumerable.Range(0, TinyDataset.Clips), pass.Select(view => view.Origin.Visit.Ordinal).Distinct().Order()));

        foreach (int ranks in Counts)
        {
            foreach (int threads in Counts)
            {
                View[][] shares = [.. Enumerable.Range(0, ranks).Select(rank =>
                    Views(dataset, Plan with { Share = new RankShare(rank, ranks) }, threads, steps: 2).ToArray())];

                View[] together = [.. Enumerable.Range(0, 2).SelectMany(step => shares.SelectMany(share => share.Where(view => view.Step == step)))];

                Assert.True(expected.SequenceEqual(together), $"{ranks} ranks of {threads} threads");
            }
        }
    }

    [Fact]
    public void ReadFrom_GroupsOfClips_StayOnOneRank()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);
        int[] first = [.. Enumerable.Range(0, 2).Select(rank =>
        {
            TrainingPlan plan = Plan with { ClipsPerGroup = 4, Share = new RankShare(rank, 2) };
            using ViewBatch batch = new TrainingViews([dataset], plan, TinyDataset.Cut).ReadFrom(0, Token).First();
            Assert.Equal(0, batch.Views.Count % 8);
            return batch.FirstView;
        })];

        // Three groups of four clips, two views each.
        Assert.Equal([0, 8], first);
    }

    [Fact]
    public void TrainingViews_MoreRanksThanGroups_AreRefused()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);

        var refusal = Assert.Throws<ArgumentException>(
            () => new TrainingViews([dataset], Plan with { ClipsPerGroup = 4, Share = new RankShare(0, 4) }, TinyDataset.Cut));

        Assert.Contains("12 clips in groups of 4 leaves nothing for rank 0 of 4", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluation_AnyRanks_TogetherReadEveryClipOnce()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);
        foreach (int ranks in Counts)
        {
            int[] ordinals = [.. Enumerable.Range(0, ranks).SelectMany(rank =>
                new SampleViews(dataset, TinyDataset.Cut, share: new RankShare(rank, ranks)).Evaluation(1, 1, samplesPerBatch: 5, Token).SelectMany(batch =>
                {
                    using (batch)
                    {
                        return Enumerable.Range(batch.FirstOrdinal, batch.Labels.Count);
                    }
                }))];

            Assert.Equal(Enumerable.Range(0, TinyDataset.Clips), ordinals);
        }
    }

    [Fact]
    public void ReadFrom_DamagedClipsAnywhere_AreReplacedAlikeByAnyThreadsAndNamed()
    {
        int number = 0;
        Gen.Select(Gen.Int[0, TinyDataset.Clips - 1].HashSet[1, 4], Gen.Int[2, 8]).Sample(
            (damaged, threads) =>
            {
                Dataset dataset = TinyDataset.Open(_folder.File($"{number++}"), [.. damaged]);
                var one = new TrainingViews([dataset], Plan, TinyDataset.Cut, new LoadingOptions { Threads = 1 });
                var other = new TrainingViews([dataset], Plan, TinyDataset.Cut, new LoadingOptions { Threads = threads });

                View[] views = [.. Views(one, firstStep: 0, steps: 2)], others = [.. Views(other, firstStep: 0, steps: 2)];

                return views.SequenceEqual(others)
                    && one.Damaged.Named.SequenceEqual(other.Damaged.Named)
                    && one.Damaged.Count >= 2 * damaged.Count
                    && one.Damaged.Named.All(clip => damaged.Contains(int.Parse(clip.Key[^2..])))
                    && views.All(view => !damaged.Contains(view.Origin.Visit.Ordinal))
                    && views.Where((view, row) => row % 2 == 0).Select((view, cursor) => (view.Origin.Visit, Planned: one.Order[0].At(cursor)))
                        .All(place => damaged.Contains(place.Planned.Ordinal) || place.Visit == place.Planned);
            },
            iter: 15,
            threads: 1);
    }

    [Fact]
    public void ReadFrom_ReadsThatEndInAnyOrder_GiveTheSameBatches()
    {
        TinyDataset.Pack(_folder.Path);
        IBlobStore store = BlobStore.Open(_folder.Path);
        View[] expected = [.. Views(TinyDataset.Open(store), Plan, threads: 1, steps: 3)];

        Gen.Select(Gen.Int[0, 20].Array[1, 12], Gen.Int[1, 4]).Sample(
            (delays, threads) =>
            {
                int reads = 0;
                var slow = new WatchedStore(store, (_, stopping) => Task.Delay(delays[Interlocked.Increment(ref reads) % delays.Length], stopping));
                return expected.SequenceEqual(Views(TinyDataset.Open(slow), Plan, threads, steps: 3));
            },
            iter: 10,
            threads: 1);
    }

    [Fact]
    public void ReadFrom_LittleMemory_IsNeverExceededAndChangesNothing()
    {
        // Uint8 views, the noise of a third of them, four batches: and clips of 32×32 fit into what is left.
        Dataset dataset = TinyDataset.Open(_folder.Path);
        View[] expected = [.. Views(dataset, Plan, threads: 4, steps: 6)];
        const long memoryBytes = 1 << 20;
        var metrics = new StreamMetrics();
        var views = new TrainingViews([dataset], Plan, Erasing, new LoadingOptions { Threads = 4, MemoryBytes = memoryBytes, Metrics = metrics });
        double most = 0;
        using var ended = new ManualResetEventSlim();
        var watching = new Thread(() =>
        {
            while (!ended.IsSet)
            {
                most = Math.Max(most, metrics.BytesInFlight.Value);
            }
        });
        watching.Start();

        View[] read = [.. Views(views, firstStep: 0, steps: 6)];

        ended.Set();
        watching.Join();
        Assert.Equal(expected, read);
        Assert.InRange(most, memoryBytes / 4, memoryBytes);
        Assert.Equal(0, metrics.BytesInFlight.Value);
        Assert.Equal(0, metrics.QueueDepth(LoadingStage.Decode).Value);
        Assert.Equal(0, metrics.QueueDepth(LoadingStage.Batch).Value);
    }

    [Fact]
    public void ReadFrom_MemoryForLessThanABatchOfClips_IsSlowButNotStuck()
    {
        // Each clip is more than all clips may take, so one goes at a time.
        Dataset dataset = TinyDataset.Open(_folder.Path);
        TrainingPlan plan = Plan with { ClipsPerBatch = 1, ViewsPerClip = 1 };
        var views = new TrainingViews([dataset], plan, TinyDataset.Cut, new LoadingOptions { Threads = 4, MemoryBytes = 4 * 3 * 4 * 16 * 16 });

        Assert.Equal(Views(dataset, plan, threads: 1, steps: 12).Select(view => view.Origin), Views(views, firstStep: 0, steps: 12).Select(view => view.Origin));
    }

    [Fact]
    public void TrainingViews_MemoryForNoThreeBatches_IsRefusedWithTheNumbers()
    {
        Dataset dataset = TinyDataset.Open(_folder.Path);

        var refusal = Assert.Throws<ArgumentException>(() => new TrainingViews([dataset], Plan, TinyDataset.Cut, new LoadingOptions { MemoryBytes = 100_000 }));

        Assert.Contains("may take 100000 bytes of memory, but needs 294912: 3 batches of 73728 bytes", refusal.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<View> Views(Dataset dataset, TrainingPlan plan, int threads, int steps) =>
        Views(new TrainingViews([dataset], plan, Erasing, new LoadingOptions { Threads = threads }), firstStep: 0, steps);

    private static IEnumerable<View> Views(TrainingViews views, long firstStep, int steps)
    {
        foreach (ViewBatch batch in views.ReadFrom(firstStep, Token).Take(steps))
        {
            using (batch)
            {
                using torch.Tensor video = batch.ToDevice(torch.CPU);
                float[] pixels = video.data<float>().ToArray();
                int size = pixels.Length / Math.Max(batch.Views.Count, 1);
                for (int row = 0; row < batch.Views.Count; row++)
                {
                    yield return new View(
                        batch.Step, batch.Views[row], XxHash3.HashToUInt64(MemoryMarshal.AsBytes(pixels.AsSpan(row * size, size))));
                }
            }
        }
    }

    private sealed record View(long Step, ViewOrigin Origin, ulong Pixels);
}
