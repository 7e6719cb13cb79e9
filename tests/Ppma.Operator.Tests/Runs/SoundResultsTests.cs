using Ppma.Api.Tasks;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Tests.Runs;

/// <summary>Any image may run as a worker and say anything.</summary>
public sealed class SoundResultsTests
{
    private static readonly string Digest = new('a', 64);

    private static readonly TaskResult Good = new()
    {
        TaskDigest = Digest,
        InputDigest = Digest,
        Kind = TaskKind.PretrainStage,
        StartTime = DateTimeOffset.UnixEpoch,
        CompletionTime = DateTimeOffset.UnixEpoch,
        Training = new() { Steps = 10, FinalLoss = 0.5, Checkpoint = "mae/checkpoints/step-00000010", WeightsDigest = Digest },
    };

    [Fact]
    public void Problem_OfAWorkersResult_IsNone()
    {
        Assert.Null(SoundResults.Problem(Good, Digest));
        Assert.Null(SoundResults.Problem(Good with { Training = null, Evaluation = Evaluation(0.5) }, Digest));
    }

    [Fact]
    public void Problem_OfAnotherTasksResult_NamesBothDigests() =>
        Assert.Contains(new string('b', 64), SoundResults.Problem(Good, new string('b', 64)), StringComparison.Ordinal);

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("mae/../../other/checkpoints/step-1")]
    [InlineData("")]
    public void Problem_OfACheckpointOutsideTheRunsFolder_NamesIt(string path)
    {
        string? last = SoundResults.Problem(Good with { Training = Good.Training! with { Checkpoint = path } }, Digest);
        string? kept = SoundResults.Problem(Good with { Training = Good.Training with { Checkpoints = [new() { Step = 5, Path = path, Digest = Digest }] } }, Digest);

        Assert.Contains("without a folder below the run's", last, StringComparison.Ordinal);
        Assert.Contains("checkpoint of step 5", kept, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    public void Problem_OfADigestThatIsNone_IsSaid(string digest)
    {
        Assert.NotNull(SoundResults.Problem(Good with { Training = Good.Training! with { WeightsDigest = digest } }, Digest));
        Assert.NotNull(SoundResults.Problem(Good with { RecordDigest = digest }, Digest));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(1.5)]
    [InlineData(-0.1)]
    public void Problem_OfAShareThatIsNone_IsSaid(double share) =>
        Assert.Contains("between 0 and 1", SoundResults.Problem(Good with { Training = null, Evaluation = Evaluation(share) }, Digest), StringComparison.Ordinal);

    [Fact]
    public void Problem_OfALossThatIsNoNumber_IsSaid() =>
        Assert.Contains("NaN", SoundResults.Problem(Good with { Training = Good.Training! with { FinalLoss = double.NaN } }, Digest), StringComparison.Ordinal);

    [Fact]
    public void Problem_OfAResultOfNothing_IsSaid() =>
        Assert.Contains("neither", SoundResults.Problem(Good with { Training = null }, Digest), StringComparison.Ordinal);

    private static EvaluationOutcome Evaluation(double top1) => new() { Top1 = top1, Top5 = 0.9, MeanClassAccuracy = 0.5, Samples = 10, PeakRate = 0.1 };
}
