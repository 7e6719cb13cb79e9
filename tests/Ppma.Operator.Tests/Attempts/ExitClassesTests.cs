using Ppma.Api.Conditions;
using Ppma.Api.Tasks;
using Ppma.Operator.Attempts;

namespace Ppma.Operator.Tests.Attempts;

/// <summary>The table of exit codes in docs/architecture.md, every row and every code.</summary>
public sealed class ExitClassesTests
{
    private static readonly TerminationMessage Result = new()
    {
        Result = new()
        {
            TaskDigest = "d", InputDigest = "i", Kind = TaskKind.PretrainStage, StartTime = DateTimeOffset.UnixEpoch, CompletionTime = DateTimeOffset.UnixEpoch,
        },
    };

    public static TheoryData<int> EveryCode => [.. Enumerable.Range(0, 256)];

    [Theory]
    [MemberData(nameof(EveryCode))]
    public void Of_AProcessThatEndedByItself_IsAsTheTableSays(int code)
    {
        var expected = code switch
        {
            0 => ExitClass.Done,
            40 or 41 or 42 or 137 or 143 => ExitClass.Infrastructure,
            44 => ExitClass.Uncounted,
            <= 63 => ExitClass.Application,
            <= 127 => ExitClass.Final,
            _ => ExitClass.Application,
        };

        Assert.Equal(expected, ExitClasses.Of(End(code), askedToStop: false));
    }

    [Theory]
    [MemberData(nameof(EveryCode))]
    public void Of_AProcessThatWasAskedToStop_ForgivesWhatStoppingLooksLike(int code)
    {
        var expected = code is 42 or 137 or 143 ? ExitClass.Uncounted : ExitClasses.Of(End(code), askedToStop: false);

        Assert.Equal(expected, ExitClasses.Of(End(code), askedToStop: true));
    }

    [Theory]
    [InlineData(EndCause.Disrupted, Reason.Disrupted)]
    [InlineData(EndCause.NodeLost, Reason.NodeLost)]
    [InlineData(EndCause.Deleted, Reason.DeletedByOthers)]
    public void Of_AnEndThatOthersCaused_IsInfrastructureForEveryCodeThatIsNotTheWorkersVerdict(EndCause cause, Reason reason)
    {
        foreach (int? code in Enumerable.Range(1, 255).Select(code => (int?)code).Append(null).Where(code => code is not (44 or (>= 64 and <= 127))))
        {
            var end = End(code) with { Cause = cause };
            Assert.Equal(ExitClass.Infrastructure, ExitClasses.Of(end, askedToStop: false));
            Assert.Equal(reason, end.Reason);
        }
    }

    [Theory]
    [InlineData(EndCause.OutOfMemory, Reason.OutOfMemory)]
    [InlineData(EndCause.OutOfStorage, Reason.OutOfStorage)]
    [InlineData(EndCause.NeverStarted, Reason.ContainerNotStarted)]
    public void Of_AnEndThatThePodsOwnLimitsCaused_IsApplication(EndCause cause, Reason reason)
    {
        foreach (int? code in new int?[] { 137, 1, null })
        {
            var end = End(code) with { Cause = cause };
            Assert.Equal((ExitClass.Application, reason), (ExitClasses.Of(end, askedToStop: false), end.Reason));
        }
    }

    [Theory]
    [InlineData(EndCause.Disrupted)]
    [InlineData(EndCause.Deleted)]
    [InlineData(EndCause.OutOfMemory)]
    public void Of_AResult_IsDoneWhateverElseHappened(EndCause cause)
    {
        var end = End(0) with { Cause = cause };

        Assert.Equal((ExitClass.Done, Reason.Completed), (ExitClasses.Of(end, askedToStop: true), end.Reason));
    }

    [Fact]
    public void Of_ExitCode0WithoutAResult_IsNotDone()
    {
        var end = End(0) with { Message = null };

        Assert.Equal((ExitClass.Application, Reason.Failed), (ExitClasses.Of(end, askedToStop: false), end.Reason));
        Assert.Equal(ExitClass.Uncounted, ExitClasses.Of(end, askedToStop: true));
    }

    [Fact]
    public void Of_AJobThatWeDeleted_IsNotCounted() =>
        Assert.Equal(ExitClass.Uncounted, ExitClasses.Of(End(null) with { Cause = EndCause.Deleted }, askedToStop: true));

    [Theory]
    [InlineData(1, Reason.Failed)]
    [InlineData(39, Reason.Failed)]
    [InlineData(40, Reason.StorageOrNetwork)]
    [InlineData(41, Reason.RendezvousLost)]
    [InlineData(42, Reason.Interrupted)]
    [InlineData(43, Reason.Stalled)]
    [InlineData(44, Reason.Superseded)]
    [InlineData(63, Reason.Failed)]
    [InlineData(64, Reason.BadSpec)]
    [InlineData(65, Reason.DataDigestMismatch)]
    [InlineData(66, Reason.PrivacyViolation)]
    [InlineData(67, Reason.Diverged)]
    [InlineData(68, Reason.NoUsableCheckpoint)]
    [InlineData(69, Reason.Failed)]
    [InlineData(134, Reason.Failed)]
    [InlineData(137, Reason.Killed)]
    [InlineData(139, Reason.Failed)]
    [InlineData(143, Reason.Killed)]
    public void Reason_OfACode_IsItsName(int code, Reason reason) => Assert.Equal(reason, End(code).Reason);

    // What the worker calls its codes, the operator calls them too.
    [Fact]
    public void Reason_OfEveryCodeOfTheContract_IsTheContractsName()
    {
        foreach (int code in Enumerable.Range(1, 127))
        {
            Assert.Equal(ExitCodes.Reason(code), End(code).Reason.ToString());
        }
    }

    [Fact]
    public void Describe_OfAnError_NamesCodePodNodeAndTheWorkersWords()
    {
        var end = End(65) with
        {
            Pod = "ppma-mae-x", Node = "gpu-3", Message = new() { Error = new(65, "DataDigestMismatch", "data set k150: its index changed") },
        };

        Assert.Equal("The worker ended with exit code 65 in pod ppma-mae-x on node gpu-3: data set k150: its index changed", end.Describe());
    }

    [Fact]
    public void Describe_OfASignalAndALongLog_NamesTheSignalAndKeepsTheLogsEnd()
    {
        string text = (End(139) with { Message = null, Text = new string('a', 5000) + "segmentation fault" }).Describe();

        Assert.StartsWith("The worker ended with exit code 139 (signal 11): …aaa", text);
        Assert.EndsWith("segmentation fault", text);
        Assert.True(text.Length < 1024);
    }

    private static AttemptEnd End(int? code) => new() { Cause = EndCause.Exited, ExitCode = code, Message = code == 0 ? Result : null };
}
