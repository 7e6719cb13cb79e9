using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Tests.Ranges;

/// <summary>A second request beside a range that is much slower than its peers.</summary>
public class HedgingTests
{
    // Ten ranges that take no time, then the slow one.
    private const int Peers = 10;

    private static readonly RangeOptions Options = new()
    {
        RangeBytes = 1000,
        RangesInFlight = 1,
        HedgeFloor = TimeSpan.FromSeconds(1),
        HedgeShare = 0.5,
    };

    private static readonly byte[] Blob = ScriptedSource.Blob((Peers + 1) * 1000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Copy_RangeSlowerThanItsPeers_IsFinishedByASecondRequest()
    {
        var bench = new RangeBench(Blob, Options, asked => asked.Number == Peers ? Answer.StallsAfter(300) : Answer.Whole);

        byte[] bytes = await bench.CopyAsync(0, Blob.Length, Cancellation);

        Assert.Equal(Blob, bytes);
        Assert.Equal(Peers + 2, bench.Source.Requests.Count);
        Assert.InRange(bench.Source.Gaps[^1], 1, 4);
        Assert.Equal((1, 0), (bench.Metrics.Hedges.Value, bench.Metrics.Retries(RetryReason.Stalled).Value));
        Assert.Equal((0, 0, 0), (bench.Budget.InFlight, bench.Source.Open, bench.Metrics.BytesInFlight.Value));
    }

    [Fact]
    public async Task Read_SlowRange_AsksOnlyForTheMissingRest()
    {
        var bench = new RangeBench(Blob, Options, asked => asked.Number == Peers ? Answer.StallsAfter(300) : Answer.Whole);

        Assert.Equal(Blob, await bench.ReadAsync(0, Blob.Length, Cancellation));
        Assert.Equal((Peers * 1000) + 300, bench.Source.Requests[^1].Offset);
    }

    [Fact]
    public async Task Copy_FirstRequestFinishesAfterAll_SecondIsGivenUp()
    {
        var released = new TaskCompletionSource();
        var bench = new RangeBench(Blob, Options, asked =>
        {
            if (asked.Number <= Peers)
            {
                return asked.Number == Peers ? Answer.PausesAfter(300, released.Task) : Answer.Whole;
            }

            released.SetResult();
            return Answer.StallsAfter(0);
        });

        Assert.Equal(Blob, await bench.CopyAsync(0, Blob.Length, Cancellation));
        Assert.Equal((1, 0), (bench.Metrics.Hedges.Value, bench.Source.Open));
    }

    [Fact]
    public async Task Copy_SecondRequestFails_FirstGoesOn()
    {
        var bench = new RangeBench(Blob, Options, asked => asked.Number switch
        {
            Peers => Answer.StallsAfter(300),
            Peers + 1 => Answer.BreaksAfter(0),
            _ => Answer.Whole,
        });

        Assert.Equal(Blob, await bench.CopyAsync(0, Blob.Length, Cancellation));
        Assert.Equal((1, 1), (bench.Metrics.Hedges.Value, bench.Metrics.Retries(RetryReason.Stalled).Value));
    }

    [Fact]
    public async Task Copy_FirstRequestIsOutOfTries_SecondStillCounts()
    {
        RangeBench? bench = null;
        bench = new RangeBench(Blob, Options with { Tries = 1 }, asked => asked.Number switch
        {
            Peers => new Answer { Until = 300, Then = BreakAsync },
            Peers + 1 => Answer.PausesAfter(0, Task.Delay(TimeSpan.FromSeconds(3), bench!.Time, Cancellation)),
            _ => Answer.Whole,
        });

        Assert.Equal(Blob, await bench.CopyAsync(0, Blob.Length, Cancellation));
        Assert.Equal(Peers + 2, bench.Source.Requests.Count);

        // Before the second ends, which began a second later.
        async Task BreakAsync(CancellationToken token)
        {
            await Task.Delay(TimeSpan.FromSeconds(3), bench!.Time, token);
            throw new IOException("scripted reset");
        }
    }

    [Fact]
    public async Task Copy_ThrottledRange_IsNotHedged()
    {
        var bench = new RangeBench(
            Blob, Options, asked => asked.Number == Peers ? Answer.Fails(RetryReason.Throttled, TimeSpan.FromSeconds(20)) : Answer.Whole);

        Assert.Equal(Blob, await bench.CopyAsync(0, Blob.Length, Cancellation));
        Assert.Equal(0, bench.Metrics.Hedges.Value);
    }

    [Fact]
    public async Task Copy_EverySecondRangeSlow_HedgesStayWithinTheirShare()
    {
        byte[] blob = ScriptedSource.Blob(100_000);
        var bench = new RangeBench(
            blob, Options with { HedgeShare = 0.05 }, asked => asked.Offset % 2000 == 0 && asked.Length == 1000 ? Answer.StallsAfter(300) : Answer.Whole)
        {
            Step = TimeSpan.FromSeconds(0.5),
        };

        byte[] bytes = await bench.CopyAsync(0, blob.Length, Cancellation);

        Assert.True(blob.AsSpan().SequenceEqual(bytes));
        Assert.InRange(bench.Metrics.Hedges.Value, 1, 0.05 * bench.Source.Requests.Count);
    }
}
