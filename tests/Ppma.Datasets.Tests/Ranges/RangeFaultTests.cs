using CsCheck;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Tests.Ranges;

/// <summary>Whatever goes wrong, if it does so a finite number of times, the bytes are right.</summary>
public class RangeFaultTests
{
    private static readonly Gen<Answer> Fault = Gen.Select(Gen.Int[0, 6], Gen.Int[0, 1200], Gen.Double[0, 3], (kind, bytes, seconds) => kind switch
    {
        0 => Answer.EndsAfter(bytes),
        1 => Answer.BreaksAfter(bytes),
        2 => Answer.StallsAfter(bytes),
        3 => Answer.Fails(RetryReason.Throttled, TimeSpan.FromSeconds(seconds)),
        4 => Answer.Fails(RetryReason.Connection),
        5 => new Answer { ETag = "v2" },
        _ => Answer.Whole,
    });

    private static readonly Gen<RangeOptions> Options = Gen.Select(
        Gen.Int[1, 1500], Gen.Int[1, 5], Gen.Bool, (rangeBytes, rangesInFlight, hedges) => new RangeOptions
        {
            RangeBytes = rangeBytes,
            RangesInFlight = rangesInFlight,
            Tries = 1000,
            StallTimeout = TimeSpan.FromSeconds(2),
            HedgeAfterMedians = hedges ? 1 : 0,
            HedgeFloor = TimeSpan.FromSeconds(0.3),
            HedgeShare = 1,
        });

    [Fact]
    public Task Read_AnyFiniteFaults_GivesTheRightBytes() =>
        Gen.Select(Options, Fault.Array[0, 12], Gen.Int[0, 200], Gen.Int[0, 4000], Gen.Bool)
            .SampleAsync(
                async (options, faults, offset, length, intoMemory) =>
                {
                    byte[] blob = ScriptedSource.Blob(offset + length + 100);
                    var bench = new RangeBench(blob, options, asked => asked.Number < faults.Length ? faults[asked.Number] : Answer.Whole, jitter: 0.5)
                    {
                        Step = TimeSpan.FromMilliseconds(500),
                    };

                    byte[] read = intoMemory
                        ? await bench.ReadAsync(offset, length, CancellationToken.None)
                        : await bench.CopyAsync(offset, length, CancellationToken.None);

                    Assert.True(blob.AsSpan(offset, length).SequenceEqual(read));
                    Assert.Equal((0, 0, 0), (bench.Budget.InFlight, bench.Source.Open, bench.Metrics.BytesInFlight.Value));
                    Assert.InRange(bench.Source.MostOpen, 0, 2 * options.RangesInFlight);
                },
                iter: 300);
}
