using System.Text.Json;
using CsCheck;
using Ppma.Datasets.Ordering;

namespace Ppma.Datasets.Tests.Ordering;

public class StageOrderTests
{
    private static readonly Gen<Func<StageOrder>> Stages = Gen.Select(
        Gen.Select(Gen.Select(Gen.Long[1, 900], Gen.Int[1, 12], (bytes, samples) => new ShardSize(bytes, samples)).Array[1, 6], Gen.Double[0.1, 9], Gen.Bool)
            .Array[1, 4],
        Gen.Long,
        Gen.Long[1, 2000],
        Gen.Int[1, 9],
        (sets, seed, blockBytes, clips) => new Func<StageOrder>(() => new StageOrder(
            [.. sets.Select((set, i) => Source($"{i:d64}", set.Item1, sets.All(other => other.Item3) ? set.Item2 : null))], seed, blockBytes, clips)));

    /// <summary>What a run reads from a step on is what an uninterrupted one would have read, whoever asks and from where.</summary>
    [Fact]
    public void At_FromAnyStep_ContinuesTheSameSequence() => Gen.Select(Stages, Gen.Int[0, 60]).Sample((stage, from) =>
    {
        List<Visit> uninterrupted = [.. Enumerable.Range(0, 70).SelectMany(step => VisitsOf(stage(), step))];
        StageOrder resumed = stage();
        List<Visit> rest = [.. Enumerable.Range(from, 70 - from).SelectMany(step => VisitsOf(resumed, step))];
        Assert.Equal(uninterrupted[(from * resumed.ClipsPerBatch)..], rest);
    }, iter: 6000);

    [Fact]
    public void At_AnyStage_TakesEveryClipExactlyOnceAPass() => Stages.Sample(stage =>
    {
        StageOrder order = stage();
        var passes = new Dictionary<(int Dataset, long Pass), HashSet<int>>();
        for (int step = 0; step < 60; step++)
        {
            foreach (Visit visit in VisitsOf(order, step))
            {
                if (!passes.TryGetValue((visit.Dataset, visit.Pass), out HashSet<int>? seen))
                {
                    passes[(visit.Dataset, visit.Pass)] = seen = [];
                }

                Assert.True(seen.Add(visit.Ordinal), $"{visit} came twice");
            }
        }

        foreach (((int dataset, long pass), HashSet<int> seen) in passes.Where(entry => passes.ContainsKey((entry.Key.Dataset, entry.Key.Pass + 1))))
        {
            Assert.Equal(order[dataset].Count, seen.Count);
        }
    }, iter: 3000);

    /// <summary>For ranks and threads in {1, 2, 4, 8}²: each place of a batch is read by one of them, and together they read the batch.</summary>
    [Fact]
    public void At_AnyRanksAndThreads_AreOneSequence() => Gen.Select(Stages, Gen.Int[1, 4]).Sample((stage, group) =>
    {
        const int Steps = 5;
        StageOrder alone = stage();
        Visit[] expected = [.. Enumerable.Range(0, Steps).SelectMany(step => VisitsOf(alone, step))];
        int[] counts = [1, 2, 4, 8];
        foreach ((int ranks, int threads) in counts.SelectMany(ranks => counts.Select(threads => (ranks, threads))))
        {
            var seen = new Visit[expected.Length];
            int taken = 0;
            for (int rank = 0; rank < ranks; rank++)
            {
                StageOrder order = stage();
                (int first, int end) = new RankShare(rank, ranks).Of(order.ClipsPerBatch, group);
                for (int thread = 0; thread < threads; thread++)
                {
                    for (int step = 0; step < Steps; step++)
                    {
                        BatchPlace batch = order.At(step);
                        for (int place = first + thread; place < end; place += threads)
                        {
                            seen[(step * order.ClipsPerBatch) + place] = order[batch.Dataset].At(batch.FirstCursor + place);
                            taken++;
                        }
                    }
                }
            }

            Assert.Equal(expected.Length, taken);
            Assert.Equal(expected, seen);
        }
    }, iter: 1500);

    [Fact]
    public void At_WeightsOfClipsTimesRepeat_SharesBatchesAlike()
    {
        ShardSize[] large = [new(1000, 300)], small = [new(1000, 100)];
        var order = new StageOrder([Source("a", large, null), Source("b", small, 3 * 100)], seed: 1, shuffleBlockBytes: 500, clipsPerBatch: 4);

        int fromSmall = Enumerable.Range(0, 1000).Count(step => order.At(step).Dataset == 1);

        Assert.InRange(fromSmall, 498, 502);
    }

    [Fact]
    public void StateAfter_AnyStep_IsWhereTheNextBatchBegins() => Gen.Select(Stages, Gen.Int[0, 500]).Sample((stage, step) =>
    {
        StageOrder order = stage();
        StreamState state = order.StateAfter(step);
        BatchPlace next = order.At(step);
        StreamPlace place = state.Datasets[next.Dataset];

        Assert.Equal(next.FirstCursor, (place.Pass * order[next.Dataset].Count) + place.Position);
        Assert.Equal((long)step * order.ClipsPerBatch, state.Datasets.Select((at, i) => (at.Pass * order[i].Count) + at.Position).Sum());
        Assert.Null(state.DifferenceTo(stage().StateAfter(step)));
        Assert.StartsWith("datasets[", state.DifferenceTo(stage().StateAfter(step + 1)), StringComparison.Ordinal);
    }, iter: 2000);

    [Fact]
    public void StateAfter_FiveDatasetsAndHugeNumbers_IsUnderOneKibibyte()
    {
        StreamPlace place = new(new string('f', 64), "validation", 1L << 40, 1L << 40);
        var state = new StreamState
        {
            Seed = long.MinValue,
            ShuffleBlockBytes = 1L << 50,
            ClipsPerBatch = 4096,
            Batches = 1L << 50,
            Datasets = [place, place, place, place, place],
        };

        Assert.True(JsonSerializer.SerializeToUtf8Bytes(state, JsonSerializerOptions.Web).Length < 1024);
    }

    [Fact]
    public void DifferenceTo_OtherData_NamesTheField()
    {
        StreamState state = Order("a", seed: 1).StateAfter(9);

        Assert.Equal("seed: 1 and 2", state.DifferenceTo(Order("a", seed: 2).StateAfter(9)));
        Assert.StartsWith("datasets[0]: ", state.DifferenceTo(Order("b", seed: 1).StateAfter(9)), StringComparison.Ordinal);

        static StageOrder Order(string digest, long seed) => new([Source(digest, [new(100, 10)], null)], seed, shuffleBlockBytes: 50, clipsPerBatch: 3);
    }

    private static StageSource Source(string digest, IReadOnlyList<ShardSize> shards, double? weight) =>
        new() { Digest = digest, Split = "train", Shards = shards, Weight = weight };

    private static IEnumerable<Visit> VisitsOf(StageOrder order, long step)
    {
        BatchPlace batch = order.At(step);
        return Enumerable.Range(0, order.ClipsPerBatch).Select(place => order[batch.Dataset].At(batch.FirstCursor + place));
    }
}
