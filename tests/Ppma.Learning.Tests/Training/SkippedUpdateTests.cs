using Ppma.Learning.Checkpoints;
using Ppma.Learning.Precision;
using Ppma.Learning.Training;

namespace Ppma.Learning.Tests.Training;

[Collection(nameof(GlobalGenerator))]
public sealed class SkippedUpdateTests : IDisposable
{
    private static readonly TrainerOptions EveryStep =
        new() { Steps = 12, Seed = 5, ClipsPerStep = 2, ReportEverySteps = 3, CheckpointEverySteps = 1, MostSkippedInARow = 3 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_FaultsWithPausesBetween_GoesOnAndReportsEach()
    {
        using var run = new TinyTraining(_folder.Path)
        {
            Options = EveryStep, HasFaultyLoss = step => step is 3 or 4 or 5, HasFaultyGradient = step => step is 7 or 8,
        };

        run.Train();

        Assert.Equal(
            [(3, SkippedUpdate.Loss), (4, SkippedUpdate.Loss), (5, SkippedUpdate.Loss), (7, SkippedUpdate.Gradient), (8, SkippedUpdate.Gradient)],
            run.Reported.Where(step => step.Skipped != SkippedUpdate.None).Select(step => (step.Step, step.Skipped)));
        Assert.All(run.Reported.Where(step => step.Skipped == SkippedUpdate.None), step => Assert.InRange(step.GradientNorm, 1e-6, 1e3));
        Assert.All(run.Weights.Values, weights => Assert.All(weights, weight => Assert.True(float.IsFinite(weight))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_OneTooManyInARow_StopsNamingStepsAndSamples(bool gradientAlone)
    {
        using var run = new TinyTraining(_folder.Path)
        {
            Options = EveryStep, HasFaultyLoss = step => step >= 6 && !gradientAlone, HasFaultyGradient = step => step >= 6,
        };

        var diverged = Assert.Throws<TrainingDivergedException>(() => run.Train());

        Assert.Equal((9, 4), (diverged.Last.Step, diverged.SkippedInARow));
        Assert.Equal(["clip-6", "clip-7", "clip-8", "clip-9"], diverged.SampleKeys);
        Assert.StartsWith(
            gradientAlone ? "A gradient of step 9 is not finite, though its loss is" : "The loss of step 9 is not finite", diverged.Message, StringComparison.Ordinal);
        Assert.Contains("clip-9, clip-8, clip-7, clip-6", diverged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OneTooManyInARow_LeavesACheckpointFromBeforeTheFirst()
    {
        using var run = new TinyTraining(_folder.Path) { Options = EveryStep, HasFaultyGradient = step => step >= 6 };

        Assert.Throws<TrainingDivergedException>(() => run.Train());

        Assert.Equal([1L, 2, 3, 4, 5], run.SavedSteps);
    }

    [Fact]
    public void Run_CheckpointDueWhileUpdatesAreSkipped_IsWrittenAfterTheRow()
    {
        using var run = new TinyTraining(_folder.Path)
        {
            Options = EveryStep with { CheckpointEverySteps = 4 }, HasFaultyGradient = step => step is 4 or 5,
        };

        run.Train();

        Assert.Equal([6L, 8, 12], run.SavedSteps);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_SkippedUpdate_LeavesTheWeightsAlone(bool gradientAlone)
    {
        using var faulty = new TinyTraining(_folder.File("faulty"))
        {
            Options = EveryStep with { MostSkippedInARow = 0 }, HasFaultyLoss = step => step == 6 && !gradientAlone, HasFaultyGradient = step => step == 6,
        };
        using var stopped = new TinyTraining(_folder.File("stopped")) { Options = EveryStep, AfterStep = StopAfter(5) };

        Assert.Throws<TrainingDivergedException>(() => faulty.Train());
        Assert.Throws<TrainingInterruptedException>(() => stopped.Train());

        Assert.Equal(stopped.Weights, faulty.Weights);
    }

    [Fact]
    public void Run_StoppedWhileUpdatesAreSkipped_CountsOnWhenItGoesOn()
    {
        using var first = new TinyTraining(_folder.Path) { Options = EveryStep, HasFaultyGradient = step => step >= 6, AfterStep = StopAfter(7) };
        Assert.Throws<TrainingInterruptedException>(() => first.Train());

        using var second = new TinyTraining(_folder.Path) { Options = EveryStep, HasFaultyGradient = step => step >= 6 };

        Assert.Equal(9, Assert.Throws<TrainingDivergedException>(() => second.Train()).Last.Step);
    }

    [Fact]
    public void Run_HalfPrecision_ReportsOverflowsAsSuchAndHalvesTheScale()
    {
        using var run = new TinyTraining(_folder.Path)
        {
            Options = EveryStep with { Precision = ComputePrecision.Float16 }, HasFaultyGradient = step => step is 5 or 6,
        };

        run.Train();

        Assert.Equal([5L, 6], run.Reported.Where(step => step.Skipped == SkippedUpdate.Overflow).Select(step => step.Step));
        using StoredCheckpoint checkpoint = run.LoadCheckpoint()!;
        var scaler = checkpoint.Groups.Single(group => group.Name == "scaler").Tensors;
        Assert.Equal(65536f / 4, scaler["scale"].item<float>());
        Assert.Equal(6, scaler["growth_tracker"].item<int>());
    }

    private static Action<TinyTraining, long> StopAfter(long step) => (run, done) =>
    {
        if (done == step)
        {
            run.Stop();
        }
    };
}
