using CsCheck;
using Ppma.Operator.Attempts;

namespace Ppma.Operator.Tests.Attempts;

public sealed class GpuSecondsTests
{
    private static readonly DateTime Start = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Of_AnEndAfterACheckpoint_WastesWhatCameAfterIt() => Assert.Equal(
        new GpuSeconds(Total: 2000, Wasted: 800), GpuSeconds.Of(2, End(1, 1000), ExitClass.Application, Start.AddSeconds(600)));

    [Theory]
    [InlineData(null)]
    [InlineData(-5)]
    public void Of_AnEndWithoutACheckpointOfItsOwn_WastesAll(int? checkpointSeconds) => Assert.Equal(
        new GpuSeconds(1000, 1000),
        GpuSeconds.Of(1, End(137, 1000), ExitClass.Infrastructure, checkpointSeconds is { } at ? Start.AddSeconds(at) : null));

    [Theory]
    [InlineData(0, ExitClass.Done)]
    [InlineData(42, ExitClass.Infrastructure)]
    [InlineData(42, ExitClass.Uncounted)]
    public void Of_AResultOrACheckpointAtTheEnd_WastesNothing(int code, ExitClass @class) =>
        Assert.Equal(new GpuSeconds(1000, 0), GpuSeconds.Of(1, End(code, 1000), @class, lastCheckpoint: null));

    [Fact]
    public void Of_AWorkerThatNeverStarted_IsNothing() =>
        Assert.Equal(default, GpuSeconds.Of(8, End(null, 1000) with { StartedAt = null }, ExitClass.Infrastructure, null));

    [Fact]
    public void Of_ACheckpointFromAFasterClock_WastesNothingBelowZero() =>
        Assert.Equal(new GpuSeconds(1000, 0), GpuSeconds.Of(1, End(1, 1000), ExitClass.Application, Start.AddSeconds(1003)));

    [Fact]
    public void Of_AnyTimes_HasPartsThatAreExactlyTheWhole() =>
        Gen.Select(Gen.Int[0, 16], Gen.Long[-1000, 100_000_000], Gen.Long[-1_000_000, 200_000_000], Gen.Int[0, 255]).Sample((gpus, length, checkpoint, code) =>
        {
            var end = End(code, 0) with { FinishedAt = Start.AddMilliseconds(length) };
            var seconds = GpuSeconds.Of(gpus, end, ExitClasses.Of(end, askedToStop: false), Start.AddMilliseconds(checkpoint));

            Assert.Equal(seconds.Total, seconds.Useful + seconds.Wasted);
            Assert.True(seconds is { Total: >= 0, Useful: >= 0, Wasted: >= 0 });
        });

    private static AttemptEnd End(int? code, int seconds) =>
        new() { Cause = EndCause.Exited, ExitCode = code, StartedAt = Start, FinishedAt = Start.AddSeconds(seconds) };
}
