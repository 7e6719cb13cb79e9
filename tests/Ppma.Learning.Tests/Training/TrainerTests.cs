using Ppma.Learning.Training;

namespace Ppma.Learning.Tests.Training;

[Collection(nameof(GlobalGenerator))]
public sealed class TrainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_TaskThatCanBeLearned_LossFalls(bool masked)
    {
        using var run = new TinyTraining(_folder.Path)
        {
            Masked = masked, Options = new TrainerOptions { Steps = 60, Seed = 5, ClipsPerStep = 2 },
        };

        TrainingSummary summary = run.Train();

        Assert.Equal(60, summary.State.Step);
        Assert.Equal(120, summary.State.SamplesConsumed);
        double first = run.Losses.Values.Take(5).Average(), last = run.Losses.Values.TakeLast(5).Average();
        Assert.True(last < 0.7 * first, $"from {first} to {last}");
    }

    [Fact]
    public void Run_AdaptiveAverageContinued_EndsAsTheUninterruptedOne()
    {
        using var straight = new TinyTraining(_folder.File("straight")) { Averaged = true };
        string digest = straight.Train().Checkpoint.ModelDigest;
        using var ended = new TinyTraining(_folder.File("ended"))
        {
            Averaged = true, AfterStep = (_, step) => { if (step == 7) { throw new InvalidOperationException("killed"); } },
        };
        Assert.Throws<InvalidOperationException>(() => ended.Train());

        using var next = new TinyTraining(_folder.File("ended")) { Averaged = true, Losses = ended.Losses };
        Assert.Equal(digest, next.Train().Checkpoint.ModelDigest);
        Assert.Equal(straight.Losses, next.Losses);
        Assert.NotEqual(straight.Weights["mixing_ratio"][0], straight.Weights["mixing_ratio"][1]);
    }

    [Fact]
    public void Run_ThatGoesOn_DoesNotAskForInitialWeights()
    {
        using var first = new TinyTraining(_folder.Path) { AfterStep = (run, step) => { if (step == 5) { run.Stop(); } } };
        Assert.Throws<TrainingInterruptedException>(() => first.Train());
        using var next = new TinyTraining(_folder.Path);
        next.Train();

        Assert.Equal((1, 0), (first.InitialLoads, next.InitialLoads));
    }

    [Fact]
    public void Run_OtherSeed_EndsOtherwise()
    {
        // Else the comparisons above would not see a generator that is not seeded.
        using var one = new TinyTraining(_folder.File("one"));
        using var other = new TinyTraining(_folder.File("other")) { Options = one.Options with { Seed = 6 } };

        Assert.NotEqual(one.Train().Checkpoint.ModelDigest, other.Train().Checkpoint.ModelDigest);
    }

    [Fact]
    public void Run_BatchesThatTakeTheirTime_TellsHowLongEachStepWaited()
    {
        using var run = new TinyTraining(_folder.Path)
        {
            ReadingTakes = TimeSpan.FromSeconds(2), AfterStep = (run, _) => run.Clock.Advance(TimeSpan.FromSeconds(5)),
        };

        run.Train();

        Assert.Equal(Enumerable.Repeat(TimeSpan.FromSeconds(2), 12), run.Waits);
    }

    [Fact]
    public void Run_ThatIsDone_ComputesNothingMore()
    {
        using var first = new TinyTraining(_folder.Path);
        TrainingSummary done = first.Train();

        using var again = new TinyTraining(_folder.Path) { AfterStep = (_, step) => Assert.Fail($"step {step}") };

        Assert.Equal(done.Checkpoint.ModelDigest, again.Train().Checkpoint.ModelDigest);
    }

    [Fact]
    public void Run_StoppedBeforeTheFirstStep_LeavesACheckpointOfStep0()
    {
        using var run = new TinyTraining(_folder.Path);

        run.Stop();
        var stopped = Assert.Throws<TrainingInterruptedException>(() => run.Train());

        Assert.Equal(0, stopped.Step);
        Assert.Equal([0L], run.SavedSteps);
    }

    [Fact]
    public void Run_CheckpointEverySteps_SavesThenAndAtTheEndOnce()
    {
        using var run = new TinyTraining(_folder.Path);
        run.Train();
        Assert.Equal([4L, 8, 12], run.SavedSteps);
    }

    [Fact]
    public void Run_CheckpointEvery_GoesByTheClock()
    {
        using var run = new TinyTraining(_folder.Path)
        {
            Options = new TrainerOptions { Steps = 12, Seed = 5, ClipsPerStep = 2, CheckpointEvery = TimeSpan.FromMinutes(5) },
            AfterStep = (run, _) => run.Clock.Advance(TimeSpan.FromMinutes(1)),
        };

        TrainingSummary summary = run.Train();

        Assert.Equal([5L, 10, 12], run.SavedSteps);
        Assert.Equal(11 * 60, summary.State.ComputeSeconds);
    }

    [Fact]
    public void Run_ContinuedElsewhere_SaysWhatChanged()
    {
        static TrainerOptions On(string threads) => new TrainerOptions { Steps = 4, Seed = 5, ClipsPerStep = 2 } with
        {
            Environment = new Dictionary<string, string> { ["threads"] = threads, ["device"] = "cpu" },
        };
        using var first = new TinyTraining(_folder.Path) { Options = On("1"), AfterStep = (run, _) => run.Stop() };
        Assert.Throws<TrainingInterruptedException>(() => first.Train());

        using var second = new TinyTraining(_folder.Path) { Options = On("2") };
        second.Train();

        Assert.Empty(first.EnvironmentChanges);
        Assert.Equal(["threads was 1 and is 2"], second.EnvironmentChanges);
    }
}
