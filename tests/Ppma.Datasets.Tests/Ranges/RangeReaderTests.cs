using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests.Ranges;

public class RangeReaderTests
{
    private static readonly RangeOptions Options = new() { RangeBytes = 1000, RangesInFlight = 4, HedgeAfterMedians = 0 };
    private static readonly byte[] Blob = ScriptedSource.Blob(3500);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Copy_PartOfABlob_AsksForEachRangeOnce()
    {
        var bench = new RangeBench(Blob, Options);

        byte[] bytes = await bench.CopyAsync(100, 2500, Cancellation);

        Assert.Equal(Blob[100..2600], bytes);
        Assert.Equal([(100, 1000), (1100, 1000), (2100, 500)], bench.Source.Requests.Select(asked => (asked.Offset, asked.Length)));
        Assert.Equal(2500, bench.Metrics.Bytes.Value);
        Assert.Equal((0, 0, 0), (bench.Budget.InFlight, bench.Source.Open, bench.Metrics.BytesInFlight.Value));
    }

    [Fact]
    public async Task Read_PartOfABlob_FillsTheMemory()
    {
        var bench = new RangeBench(Blob, Options);

        Assert.Equal(Blob[100..2600], await bench.ReadAsync(100, 2500, Cancellation));
        Assert.Empty(await bench.ReadAsync(100, 0, Cancellation));
    }

    [Theory]
    [InlineData("ends", RetryReason.Truncated)]
    [InlineData("breaks", RetryReason.Connection)]
    [InlineData("stalls", RetryReason.Stalled)]
    public async Task Copy_BodyThatGoesWrong_ContinuesFromTheByteReached(string how, RetryReason reason)
    {
        var bench = new RangeBench(Blob, Options, asked => asked.Number > 0 ? Answer.Whole : how switch
        {
            "ends" => Answer.EndsAfter(400),
            "breaks" => Answer.BreaksAfter(400),
            _ => Answer.StallsAfter(400),
        });

        byte[] bytes = await bench.CopyAsync(0, 1000, Cancellation);

        Assert.Equal(Blob[..1000], bytes);
        Assert.Equal([(0, 1000), (400, 600)], bench.Source.Requests.Select(asked => (asked.Offset, asked.Length)));
        Assert.Equal(1, bench.Metrics.Retries(reason).Value);
    }

    [Fact]
    public async Task Copy_BodyThatStalls_IsGivenUpAfterTheTimeout()
    {
        var bench = new RangeBench(Blob, Options with { StallTimeout = TimeSpan.FromSeconds(3) }, asked => asked.Number == 0 ? Answer.StallsAfter(400) : Answer.Whole);

        await bench.CopyAsync(0, 1000, Cancellation);

        Assert.InRange(Assert.Single(bench.Source.Gaps), 3, 4.9);
    }

    [Fact]
    public async Task Copy_RangeLongerThanTheBuffer_KeepsWhatItHasWhenTheBodyBreaks()
    {
        byte[] blob = ScriptedSource.Blob(2_000_000);
        var bench = new RangeBench(blob, Options with { RangeBytes = 2_000_000 }, asked => asked.Number < 3 ? Answer.BreaksAfter(600_001) : Answer.Whole);

        byte[] bytes = await bench.CopyAsync(0, blob.Length, Cancellation);

        Assert.True(blob.AsSpan().SequenceEqual(bytes));
        Assert.Equal([0, 600_001, 1_200_002, 1_800_003], bench.Source.Requests.Select(asked => asked.Offset));
    }

    [Fact]
    public async Task Copy_RetryAfter_IsHonoured()
    {
        var bench = new RangeBench(
            Blob, Options, asked => asked.Number == 0 ? Answer.Fails(RetryReason.Throttled, TimeSpan.FromSeconds(7)) : Answer.Whole);

        await bench.CopyAsync(0, 1000, Cancellation);

        Assert.InRange(Assert.Single(bench.Source.Gaps), 7, 10);
    }

    [Fact]
    public async Task Copy_FailureAfterFailure_WaitsTwiceAsLongUpToTheLongest()
    {
        RangeOptions options = Options with { FirstDelay = TimeSpan.FromSeconds(1), LongestDelay = TimeSpan.FromSeconds(5) };
        var bench = new RangeBench(Blob, options, asked => asked.Number < 5 ? Answer.Fails(RetryReason.Server) : Answer.Whole, jitter: 1);

        await bench.CopyAsync(0, 1000, Cancellation);

        double[] expected = [1, 2, 4, 5, 5];
        Assert.All(bench.Source.Gaps.Zip(expected), gap => Assert.InRange(gap.First, gap.Second, gap.Second + 0.9));
        Assert.Equal(5, bench.Metrics.Retries(RetryReason.Server).Value);
    }

    [Fact]
    public async Task Copy_AnotherVersionAnswers_IsAskedAgainAndItsBytesAreNotTaken()
    {
        var bench = new RangeBench(Blob, Options, asked => asked.Number == 0 ? new Answer { ETag = "v2" } : Answer.Whole);

        Assert.Equal(Blob[..1000], await bench.CopyAsync(0, 1000, Cancellation));
        Assert.Equal(1, bench.Metrics.Retries(RetryReason.Version).Value);
    }

    [Fact]
    public async Task Copy_AnotherVersionAlways_IsChanged()
    {
        var bench = new RangeBench(Blob, Options with { Tries = 3 }, _ => new Answer { ETag = "v2" });

        var failed = await Assert.ThrowsAsync<StoreException>(() => bench.CopyAsync(0, 1000, Cancellation));

        Assert.Equal(StoreFailure.Changed, failed.Failure);
        Assert.Contains("version v2 answered where v1 was asked for", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StoreFailure.Changed)]
    [InlineData(StoreFailure.NotFound)]
    [InlineData(StoreFailure.PermissionDenied)]
    [InlineData(StoreFailure.ShortRead)]
    public async Task Copy_FinalFailure_IsNotTriedAgainAndStopsTheOtherRanges(StoreFailure failure)
    {
        var bench = new RangeBench(Blob, Options with { RangesInFlight = 2 }, asked => asked.Number switch
        {
            0 => Answer.StallsAfter(10),
            1 => Answer.Fails(new StoreException(failure, "blob", "problem", "fix")),
            _ => Answer.Whole,
        });

        var failed = await Assert.ThrowsAsync<StoreException>(() => bench.CopyAsync(0, 3500, Cancellation));

        Assert.Equal(failure, failed.Failure);
        Assert.Equal(2, bench.Source.Requests.Count);
        Assert.Equal((0, 0, 0), (bench.Budget.InFlight, bench.Source.Open, bench.Metrics.BytesInFlight.Value));
    }

    [Fact]
    public async Task Copy_BlobTooShort_SaysHowLongItIs()
    {
        var bench = new RangeBench(Blob, Options);

        var failed = await Assert.ThrowsAsync<StoreException>(() => bench.CopyAsync(3000, 1000, Cancellation));

        Assert.Equal(StoreFailure.ShortRead, failed.Failure);
        Assert.StartsWith("https://store/blob: the bytes before 4000 were asked for, but the blob has 3500.", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_TriesUsedUp_SaysHowManyOverHowLongAndWhy()
    {
        RangeOptions options = Options with { Tries = 3, FirstDelay = TimeSpan.FromSeconds(2) };
        var bench = new RangeBench(Blob, options, _ => Answer.Fails(RetryReason.Server), jitter: 1);

        var failed = await Assert.ThrowsAsync<StoreException>(() => bench.CopyAsync(0, 1000, Cancellation));

        Assert.Equal(StoreFailure.Unavailable, failed.Failure);
        Assert.Matches(@"^https://store/blob: 3 tries in a row over [678]\.\d s failed; the last: scripted Server\. Check the network", failed.Message);
        Assert.Equal(3, bench.Source.Requests.Count);
    }

    [Fact]
    public async Task Copy_RangeThatMoves_GoesOnBeyondTheTries()
    {
        var bench = new RangeBench(Blob, Options with { Tries = 2 }, asked => asked.Number < 8 ? Answer.EndsAfter(100) : Answer.Whole);

        Assert.Equal(Blob[..1000], await bench.CopyAsync(0, 1000, Cancellation));
        Assert.Equal(9, bench.Source.Requests.Count);
    }

    [Fact]
    public async Task Copy_SinkThatFails_IsNotTriedAgain()
    {
        var bench = new RangeBench(Blob, Options with { RangesInFlight = 1 });

        var failed = await Assert.ThrowsAsync<IOException>(() =>
            bench.Reader.CopyAsync("blob", ScriptedSource.ETag, 0, 3500, new FullDisk(), Cancellation));

        Assert.Equal("full", failed.Message);
        Assert.Single(bench.Source.Requests);
        Assert.Equal(0, bench.Budget.InFlight);
    }

    [Fact]
    public async Task Copy_Cancelled_HandsBackItsPlaces()
    {
        var bench = new RangeBench(Blob, Options with { RangesInFlight = 2 }, _ => Answer.StallsAfter(10));
        using var stop = new CancellationTokenSource();
        Task copying = bench.Reader.CopyAsync("blob", ScriptedSource.ETag, 0, 3500, new MemorySink(0, 3500), stop.Token);
        Assert.Equal((2, 2), (bench.Budget.InFlight, bench.Source.Open));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying);
        Assert.Equal((0, 0, 0), (bench.Budget.InFlight, bench.Source.Open, bench.Metrics.BytesInFlight.Value));
    }

    [Fact]
    public async Task Copy_TwoReadersOfOneBudget_NeverHaveMoreRangesInFlight()
    {
        var budget = new RangeBudget(3);
        int open = 0;
        int most = 0;
        RangeBench[] benches = [.. Enumerable.Range(0, 2).Select(_ => new RangeBench(ScriptedSource.Blob(40_000), Options, Pause, budget))];

        byte[][] read = await Task.WhenAll(benches.Select(bench => Task.Run(() => bench.CopyAsync(0, 40_000, Cancellation))));

        Assert.All(read, bytes => Assert.True(ScriptedSource.Blob(40_000).AsSpan().SequenceEqual(bytes)));
        Assert.Equal(3, most);

        Answer Pause(Asked asked) => new()
        {
            Until = 500,
            Then = async _ =>
            {
                int now = Interlocked.Increment(ref open);
                lock (budget)
                {
                    most = Math.Max(most, now);
                }

                await Task.Delay(1, Cancellation);
                Interlocked.Decrement(ref open);
            },
        };
    }

    private sealed class FullDisk : IRangeSink
    {
        public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => throw new IOException("full");
    }
}
