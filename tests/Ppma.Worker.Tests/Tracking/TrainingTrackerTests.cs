using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Ppma.Api.Tasks;
using Ppma.Learning.Training;
using Ppma.Worker.Execution;
using Ppma.Worker.Tasks;
using Ppma.Worker.Tests.Tasks;
using Ppma.Worker.Tracking;

namespace Ppma.Worker.Tests.Tracking;

public sealed class TrainingTrackerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OnLosses_Report_ReachesTheLogTensorBoardAndProgress()
    {
        TaskContext context = Context();
        using (var tracker = new TrainingTracker(context, context.Task.PretrainStage!.Optimization, new ModelSpeed(5e11, new DevicePeak(1e12, "a test"))))
        {
            tracker.OnStep(1, TimeSpan.Zero);
            Step(tracker, 2, waited: 0.5, computed: 1.5);
            tracker.OnLosses(
            [
                new StepLoss(1, 3, 1e-3, GradientNorm: 4), new StepLoss(2, float.NaN, 2e-3, float.NaN, SkippedUpdate.Loss),
            ]);
        }

        JsonElement line = Lines().Single();
        Assert.Equal(
            (2L, 3.0, 2e-3, 4.0, 1, 2.0, 4.0, 0.25, 0.25),
            (Number("step"), Number("loss"), Number("rate"), Number("gradientNorm"), (int)Number("skipped"), Number("stepSeconds"),
                Number("clipsPerSecond"), Number("waitShare"), Number("mfu")));
        Dictionary<string, float?> scalars = RecordReader.ReadFolder(context.Artifacts.Events).ToDictionary(item => item.Tag, item => item.Value);
        Assert.Equal((3f, 4f, 0.25f), (scalars["train/loss"], scalars["speed/clips_per_second"], scalars["speed/mfu"]));
        TaskProgress progress = context.Progress.Snapshot();
        Assert.Equal((2e-3, 4.0, 1L, 0.25), (progress.LearningRate, progress.GradientNorm, progress.SkippedUpdates, progress.Mfu));

        double Number(string name) => line.GetProperty(name).GetDouble();
    }

    [Fact]
    public void OnLosses_UnknownPeak_TellsNoMfu()
    {
        TaskContext context = Context();
        using (var tracker = new TrainingTracker(context, context.Task.PretrainStage!.Optimization, speed: null))
        {
            tracker.OnStep(1, TimeSpan.Zero);
            tracker.OnLosses([new StepLoss(1, 3, 1e-3)]);
        }

        Assert.False(Lines().Single().TryGetProperty("mfu", out _));
        Assert.Null(context.Progress.Snapshot().Mfu);
    }

    [Fact]
    public void OnContinue_AfterLaterSteps_KeepsOnlyWhatHappened()
    {
        Write(stepsDone: 0, 10, 20, 30);
        Write(stepsDone: 20, 25);

        Assert.Equal([10L, 20, 25], Lines().Select(line => line.GetProperty("step").GetInt64()));
        Assert.Equal([10L, 20, 25], RecordReader.ReadFolder(Context().Artifacts.Events).Where(item => item.Tag == "train/loss").Select(item => item.Step));
    }

    [Fact]
    public void OnLosses_FromTheStartAgain_ForgetsTheEarlierAttempt()
    {
        Write(stepsDone: 0, 10, 20);
        Write(stepsDone: 0, 10);

        Assert.Equal(10, Lines().Single().GetProperty("step").GetInt64());
    }

    [Fact]
    public void OnValidationAndPicture_AreKeptWithTheirStep()
    {
        TaskContext context = Context();
        using (var tracker = new TrainingTracker(context, context.Task.PretrainStage!.Optimization, speed: null))
        {
            tracker.OnValidation(40, new Dictionary<string, double> { ["top1"] = 0.5, ["loss"] = double.NaN });
            tracker.OnPicture(40, "reconstruction/clip-0", PngWriter.Encode(new byte[12], 2, 2));
        }

        Assert.Equal("""{"top1":0.5}""", Lines().Single().GetProperty("validation").GetRawText());
        Assert.Equal(0.5, context.Progress.Snapshot().Validation!.Single().Value);
        Assert.Contains(RecordReader.ReadFolder(context.Artifacts.Events), item => item is { Tag: "validation/top1", Step: 40, Value: 0.5f });
        Assert.Contains(RecordReader.ReadFolder(context.Artifacts.Events), item => item is { Tag: "reconstruction/clip-0", Width: 2 });
    }

    [Fact]
    public void OnCheckpoint_Durable_IsTheNewestOfProgress()
    {
        TaskContext context = Context();
        using var tracker = new TrainingTracker(context, context.Task.PretrainStage!.Optimization, speed: null);

        var checkpoint = new KeptCheckpoint { Step = 40, Path = "mae/checkpoints/step-40", Digest = new('a', 64) };
        tracker.OnCheckpoint(checkpoint, bytes: 1000, TimeSpan.FromSeconds(2));

        Assert.Equal(new ProgressCheckpoint(40, _time.GetUtcNow(), checkpoint.Path, checkpoint.Digest), context.Progress.Snapshot().Checkpoint);
    }

    private void Write(long stepsDone, params long[] reports)
    {
        TaskContext context = Context();
        using var tracker = new TrainingTracker(context, context.Task.PretrainStage!.Optimization, speed: null);
        if (stepsDone > 0)
        {
            tracker.OnContinue(stepsDone);
        }

        foreach (long step in reports)
        {
            Step(tracker, step, waited: 0, computed: 1);
            tracker.OnLosses([new StepLoss(step, 1, 1e-3)]);
        }
    }

    private void Step(TrainingTracker tracker, long step, double waited, double computed)
    {
        _time.Advance(TimeSpan.FromSeconds(waited + computed));
        tracker.OnStep(step, TimeSpan.FromSeconds(waited));
    }

    private TaskContext Context() => TinyTasks.ContextOf(TinyTasks.Mae(_folder.Path)) with
    {
        TimeProvider = _time, Progress = new(_time, new()),
    };

    private JsonElement[] Lines() => [.. File.ReadLines(_folder.File("mae/metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
}
