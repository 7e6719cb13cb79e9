using System.Text;
using Ppma.Api.Tasks;
using Ppma.Operator.Progress;

namespace Ppma.Operator.Tests.Progress;

public sealed class ProgressAnswerTests
{
    [Fact]
    public void Read_EverythingAWorkerSays_IsKept()
    {
        var said = Answers.At(12).WithCheckpoint(10);

        Assert.Equal(said, Read(Answers.Json(said)).Progress);
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(1, -10)]
    public void Read_StepsBelowZero_IsRefused(long step, long total) =>
        Assert.Equal("counts its steps below zero", Read(Answers.Json(Answers.At(step, total))).Problem);

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../other-run/checkpoints/1")]
    [InlineData("mae/../../1")]
    [InlineData("")]
    public void Read_CheckpointOutsideTheRunsFolder_IsRefused(string path)
    {
        var said = Answers.At(12) with { Checkpoint = new ProgressCheckpoint(10, default, path, Answers.Digest) };

        Assert.Equal("names a checkpoint of step 10 without a folder below the run's and a digest", Read(Answers.Json(said)).Problem);
    }

    [Fact]
    public void Read_CheckpointThatAStatusCannotHold_IsRefused()
    {
        Assert.NotNull(Read(Answers.Json(Answers.At(12) with { Checkpoint = new ProgressCheckpoint(10, default, new string('a', 129), Answers.Digest) })).Problem);
        Assert.NotNull(Read(Answers.Json(Answers.At(12) with { Checkpoint = new ProgressCheckpoint(10, default, "mae/10", "no digest") })).Problem);
    }

    private static ProgressReply Read(string json) => ProgressAnswer.Read(Encoding.UTF8.GetBytes(json));
}
