using Ppma.Api;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.Datasets.Indexing;
using Ppma.Worker.Tests.Tasks;

namespace Ppma.Worker.Tests.Validation;

[Collection(nameof(GlobalGenerator))]
public sealed class StageValidationTests(TinyData data) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_Classification_MeasuresAtTheGivenStepsAndTheLastAndTrainsAsWithout()
    {
        TaskSpec alone = TinyTasks.Classify(_folder.File("alone"), weights: null, data.Actions);
        TaskSpec measured = Validated(TinyTasks.Classify(_folder.File("measured"), weights: null, data.Actions));

        TrainingOutcome outcome = TinyTasks.Run(measured, Token).Training!;

        ValidationPoint[] points = Points("measured/align");
        Assert.Equal([4L, 8, 9], points.Select(point => point.Step));
        Assert.All(points, point => Assert.Equal(16, point.Samples));
        Assert.All(points, point => Assert.True(point.Top1 <= point.Top5 && point.Loss > 0 && point.MeanClassAccuracy >= 0));
        Assert.Equal(points[^1], outcome.LastValidation);
        Assert.Null(outcome.BestValidation);
        Assert.Equal(TinyTasks.Run(alone, Token).Training!.WeightsDigest, outcome.WeightsDigest);
        Assert.Equal(File.ReadAllText(_folder.File("alone/align/curve.jsonl")), File.ReadAllText(_folder.File("measured/align/curve.jsonl")));
    }

    [Fact]
    public void Run_MaskedAutoencoding_MeasuresTheSameLossForTheSameWeights()
    {
        TaskSpec task = Validated(TinyTasks.Mae(_folder.File("one"), data.Context, data.Actions));
        TaskSpec other = Validated(TinyTasks.Mae(_folder.File("other"), data.Context, data.Actions), everySteps: 100) with { Threads = 3 };

        TrainingOutcome outcome = TinyTasks.Run(task, Token).Training!;
        ValidationPoint last = TinyTasks.Run(other, Token).Training!.LastValidation!;

        Assert.Equal(3, Points("one/mae").DistinctBy(point => point.Loss).Count());
        Assert.Equal((9L, 16), (last.Step, last.Samples));
        Assert.Null(last.Top1);
        Assert.Equal(outcome.LastValidation, last);
    }

    [Fact]
    public void Run_KeepingTheBest_SavesThatStepWithWhatWasMeasured()
    {
        // No step of its own writes a checkpoint, but the best does.
        TaskSpec task = Validated(TinyTasks.Classify(_folder.Path, weights: null, data.Actions), everySteps: 2) with
        {
            Checkpoint = new CheckpointPolicy { EverySteps = 0, Best = new BestPolicy { Metric = "loss", Mode = BestMode.Max } },
        };

        TrainingOutcome outcome = TinyTasks.Run(task, Token).Training!;

        ValidationPoint best = Points("align").MaxBy(point => point.Loss)!;
        Assert.Equal(best, outcome.BestValidation);
        string state = _folder.File($"align/checkpoints/step-{best.Step:d8}/state.json");
        Assert.Contains("\"metrics\":{\"loss\":", File.ReadAllText(state), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_StoppedInTheMiddle_LeavesTheMeasurementsOfAnUninterruptedRun()
    {
        TaskSpec straight = Validated(TinyTasks.Classify(_folder.File("straight"), weights: null, data.Actions), everySteps: 1);
        TaskSpec stopped = Validated(TinyTasks.Classify(_folder.File("stopped"), weights: null, data.Actions), everySteps: 1);
        TrainingOutcome whole = TinyTasks.Run(straight, Token).Training!;

        // As if it had ended after its last step and before that checkpoint: the one of step 6 is the newest.
        TinyTasks.Run(stopped, Token);
        Directory.Delete(_folder.File("stopped/align/checkpoints/step-00000009"), recursive: true);
        TrainingOutcome continued = TinyTasks.Run(stopped, Token).Training!;

        Assert.Equal((whole.WeightsDigest, whole.FinalLoss, whole.LastValidation), (continued.WeightsDigest, continued.FinalLoss, continued.LastValidation));
        Assert.Equal(
            File.ReadAllText(_folder.File("straight/align/validation.jsonl")), File.ReadAllText(_folder.File("stopped/align/validation.jsonl")));
    }

    [Fact]
    public void Run_ValidationOfRealFootage_Ends66()
    {
        string real = TinyData.Pack(_folder.File("real"), HumanPresence.Real, [], ("test", true));
        TaskSpec task = Validated(TinyTasks.Mae(_folder.Path, data.Context), TinyData.Input(real, Humans.Real));

        TinyTasks.Fails(ExitCodes.PrivacyViolation, task, "'real'", "privacy.realHumans");
    }

    [Fact]
    public void Run_ValidationOfOtherClasses_Ends64NamingBoth()
    {
        string other = TinyData.Pack(_folder.File("other"), HumanPresence.None, ["wave", "clap"], ("test", true));
        TaskSpec task = Validated(TinyTasks.Classify(_folder.Path, weights: null, data.Actions), TinyData.Input(other, Humans.None));

        TinyTasks.Fails(ExitCodes.BadSpec, task, "'other'", "stage 'align'", "ByName");
    }

    [Fact]
    public void Run_DamagedValidationClips_CountAsWrongAndAreNamedOnce()
    {
        string mixed = TinyData.Pack(
            _folder.File("mixed"), HumanPresence.None, ["wave", "clap"],
            [.. Enumerable.Repeat(("train", true), 8), ("test", true), ("test", false), ("test", true), ("test", true), ("test", true)]);
        DatasetInput input = TinyData.Input(mixed, Humans.None);

        TrainingOutcome outcome = TinyTasks.Run(Validated(TinyTasks.Classify(_folder.Path, weights: null, input), input), Token).Training!;

        Assert.Equal(5, outcome.LastValidation!.Samples);
        Assert.InRange(outcome.LastValidation.Top1!.Value, 0, 0.8);
        Assert.Equal(1, outcome.LastValidation.Top5!.Value, 0.21);
        Assert.Equal(["mixed/test-000000.tar/clip-09"], outcome.DamagedSamples!);
    }

    private TaskSpec Validated(TaskSpec task, DatasetInput? dataset = null, int everySteps = 4) => task with
    {
        PretrainStage = task.PretrainStage! with
        {
            Validation = new ValidationSpec { Dataset = (dataset ?? data.Actions) with { Split = "test" }, EverySteps = everySteps },
        },
    };

    private TaskSpec Validated(TaskSpec task, int everySteps) => Validated(task, dataset: null, everySteps);

    private ValidationPoint[] Points(string stage) =>
        [.. File.ReadLines(_folder.File($"{stage}/validation.jsonl")).Select(line => TaskJson.Deserialize<ValidationPoint>(System.Text.Encoding.UTF8.GetBytes(line)))];
}
