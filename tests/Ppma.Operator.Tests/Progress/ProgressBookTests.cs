using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.Operator.Progress;

namespace Ppma.Operator.Tests.Progress;

public sealed class ProgressBookTests
{
    private static readonly AttemptKey Attempt = new("5c1a", "mae", 1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero));
    private readonly ProgressBook _book;

    public ProgressBookTests() => _book = new ProgressBook(Options.Create(new ProgressOptions { WritesPerSecond = 2 }), _time);

    [Fact]
    public void Find_NeverAsked_IsNothing() => Assert.Null(_book.Find(Attempt));

    [Fact]
    public void Note_FirstAnswer_IsShown()
    {
        Assert.Equal(ProgressNote.Shown, Note(Answers.At(120).WithCheckpoint(100) with { Epoch = 2.504 }));

        var found = _book.Find(Attempt)!;
        Assert.Equal(
            new ProgressStatus
            {
                Percent = 12,
                Epoch = 2.5,
                Step = 120,
                TotalSteps = 1000,
                Rate = 41.26,
                Loss = 0.5,
                Eta = new DateTime(2026, 11, 20, 9, 0, 0, DateTimeKind.Utc),
                LastProgressTime = DateTime.UnixEpoch,
            },
            found.Shown);
        Assert.Equal(new CheckpointStatus { Path = "mae/checkpoints/step-100", Digest = Answers.Digest, Step = 100 }, found.Checkpoint);
        Assert.Equal(DateTime.UnixEpoch, found.CheckpointTime);
    }

    [Fact]
    public void Note_NothingWorthAWrite_LeavesWhatIsShown()
    {
        Note(Answers.At(120));
        var before = _book.Find(Attempt)!.Shown;
        _time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(ProgressNote.Nothing, Note(Answers.At(129)));

        Assert.Equal(before, _book.Find(Attempt)!.Shown);
        Assert.Equal(129, _book.Find(Attempt)!.Latest!.Step);
    }

    [Fact]
    public void Note_APointOfPercentANewCheckpointOrAMinute_IsShown()
    {
        Note(Answers.At(120));
        Assert.Equal(ProgressNote.Shown, Note(Answers.At(130)));
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(ProgressNote.Shown, Note(Answers.At(131).WithCheckpoint(131)));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(ProgressNote.Nothing, Note(Answers.At(132).WithCheckpoint(131)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ProgressNote.Shown, Note(Answers.At(132).WithCheckpoint(131)));
    }

    [Fact]
    public void Note_TheFirstStepOfManyOrAnotherPhase_IsShown()
    {
        Note(Answers.At(0, total: 1_000_000));
        Assert.Equal(ProgressNote.Shown, Note(Answers.At(1, total: 1_000_000)));
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(ProgressNote.Shown, Note(Answers.At(1, total: 1_000_000, phase: "testing")));
    }

    [Fact]
    public void Note_StepThatStays_IsWrittenOnce()
    {
        Note(Answers.At(120));
        for (var minute = 0; minute < 10; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(ProgressNote.Nothing, Note(Answers.At(120)));
        }
    }

    [Fact]
    public void Note_BudgetUsedUp_IsDeferredAndShownLater()
    {
        for (var run = 0; run < 2; run++)
        {
            Assert.Equal(ProgressNote.Shown, _book.Note(Attempt with { Attempt = 10 + run }, ProgressReply.Of(Answers.At(1))));
        }

        Assert.Equal(ProgressNote.Deferred, Note(Answers.At(500)));
        Assert.Null(_book.Find(Attempt)!.Shown);
        Assert.Equal(500, _book.Find(Attempt)!.Latest!.Step);

        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(ProgressNote.Shown, Note(Answers.At(501)));
        Assert.Equal(501, _book.Find(Attempt)!.Shown!.Step);
    }

    [Fact]
    public void Note_NoAnswerForAMinute_IsToldOnceAndSoIsItsReturn()
    {
        Note(Answers.At(120));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(ProgressNote.Nothing, Silent("cannot be asked: no route"));
        Assert.True(_book.Find(Attempt)!.IsReachable);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ProgressNote.Shown, Silent("cannot be asked: no route"));
        Assert.False(_book.Find(Attempt)!.IsReachable);
        Assert.Equal("cannot be asked: no route", _book.Find(Attempt)!.Problem);

        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(ProgressNote.Nothing, Silent("cannot be asked: no route"));
        Assert.Equal(ProgressNote.Shown, Note(Answers.At(120)));
        Assert.True(_book.Find(Attempt)!.IsReachable);
        Assert.Null(_book.Find(Attempt)!.Problem);
    }

    [Fact]
    public void Note_NeverAnswered_IsUnreachableAfterAMinute()
    {
        Assert.Equal(ProgressNote.Nothing, Silent("does not answer within 2 s"));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(ProgressNote.Shown, Silent("does not answer within 2 s"));

        Assert.Null(_book.Find(Attempt)!.Latest);
        Assert.False(_book.Find(Attempt)!.IsReachable);
    }

    [Fact]
    public void IsStalled_WorkerThatSaysTheSameStep_IsAfterTheDeadline()
    {
        var deadline = TimeSpan.FromSeconds(30);
        Note(Answers.At(120));
        _time.Advance(TimeSpan.FromSeconds(15));
        Note(Answers.At(121));
        _time.Advance(TimeSpan.FromSeconds(15));
        Note(Answers.At(121));
        Assert.False(_book.Find(Attempt)!.IsStalled(deadline));

        _time.Advance(TimeSpan.FromSeconds(15));
        Note(Answers.At(121));
        Assert.True(_book.Find(Attempt)!.IsStalled(deadline));
    }

    [Fact]
    public void IsStalled_SilenceOfAnyLength_IsNot()
    {
        Note(Answers.At(120));
        for (var quarter = 0; quarter < 1000; quarter++)
        {
            _time.Advance(TimeSpan.FromSeconds(15));
            Silent("does not answer within 2 s");
            Assert.False(_book.Find(Attempt)!.IsStalled(TimeSpan.FromSeconds(30)));
        }
    }

    [Fact]
    public void IsStalled_WorkerThatAnsweredOnceAfterALongSilence_CountsFromItsOwnAnswers()
    {
        // Nobody asked for an hour: two answers of the same step show that it stood still, one of a later step that it did not.
        Note(Answers.At(120));
        _time.Advance(TimeSpan.FromHours(1));
        Note(Answers.At(400));

        Assert.False(_book.Find(Attempt)!.IsStalled(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    [InlineData(-5)]
    public void Find_NumbersThatAStatusCannotHold_AreLeftOut(double wild)
    {
        Note(Answers.At(2000) with { EtaSeconds = wild, ClipsPerSecond = wild == 1e300 ? 1 : wild, Loss = double.NaN, LastProgressTime = DateTimeOffset.MaxValue });

        var shown = _book.Find(Attempt)!.Shown!;
        Assert.Equal(100, shown.Percent);
        Assert.Null(shown.Eta);
        Assert.Null(shown.Loss);
        Assert.True(double.IsFinite(shown.Rate) && shown.Rate >= 0);
        Assert.Equal(_time.GetUtcNow().UtcDateTime, shown.LastProgressTime);
    }

    [Fact]
    public void Keep_AttemptsThatAreGone_AreForgotten()
    {
        Note(Answers.At(1));

        _book.Keep(new HashSet<AttemptKey> { Attempt with { Attempt = 2 } });

        Assert.Null(_book.Find(Attempt));
    }

    private ProgressNote Note(TaskProgress progress) => _book.Note(Attempt, ProgressReply.Of(progress));

    private ProgressNote Silent(string problem) => _book.Note(Attempt, ProgressReply.Failed(problem));
}
