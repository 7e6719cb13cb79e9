using System.Text.Json;
using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Learning.Checkpoints;
using Ppma.Video.Synthesis;

namespace Ppma.Worker.Tests.Tasks;

/// <summary>The stages that the paper's recipes are made of, each through the worker.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class StageRecipeTests(TinyData data) : IDisposable
{
    private static readonly string[] ContextClasses = [.. ClipRenderer.Classes(SyntheticSet.Context)];
    private static readonly string[] ActionClasses = [.. ClipRenderer.Classes(SyntheticSet.Actions)];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void JointMae_TwoSets_DrawsItsReconstructionsByStepAndAtTheEnd()
    {
        TaskSpec task = TinyTasks.Mae(_folder.Path, data.Context, data.Actions);

        TinyTasks.Run(task with { PretrainStage = task.PretrainStage! with { ReconstructionEverySteps = 4 } }, Token);

        string[] pictures = [.. Directory.EnumerateFiles(_folder.File("mae/reconstructions")).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        Assert.Equal(
            new[] { 4, 8, 9 }.SelectMany(step => Enumerable.Range(0, 4).Select(clip => $"step-{step:d8}-clip-{clip}.png")), pictures);
        Assert.NotEqual(
            File.ReadAllBytes(_folder.File("mae/reconstructions/step-00000004-clip-0.png")),
            File.ReadAllBytes(_folder.File("mae/reconstructions/step-00000009-clip-0.png")));
    }

    [Fact]
    public void Supervised_FromScratch_TrainsOneSetAlone()
    {
        TrainingOutcome outcome = TinyTasks.Run(TinyTasks.Classify(_folder.Path, weights: null, data.Actions), Token).Training!;

        Assert.Equal(TinyTasks.Steps, outcome.Steps);
        Assert.Equal(ActionClasses.Order(StringComparer.Ordinal), Classes<string[]>());
    }

    [Fact]
    public void Alignment_ByIndex_JoinsDifferentClassesInOneHead()
    {
        TinyTasks.Run(TinyTasks.Mae(_folder.Path, data.Context), Token);

        TrainingOutcome outcome = TinyTasks.Run(Aligned(LabelSpace.ByIndex), Token).Training!;

        int outputs = Math.Max(ContextClasses.Length, ActionClasses.Length);
        Assert.Equal($"{ContextClasses[0]} | {ActionClasses[0]}", Classes<string[]>()[0]);
        Assert.Equal(outputs, Classes<string[]>().Length);
        Assert.Equal([outputs, 16], ShapeOf(outcome, "heads.0.0.weight"));
    }

    [Fact]
    public void Alignment_PerDataset_TrainsAHeadForEachSetAndAProbeLeavesThemOut()
    {
        TinyTasks.Run(TinyTasks.Mae(_folder.Path, data.Context), Token);
        TaskSpec task = Aligned(LabelSpace.PerDataset);
        task = task with
        {
            PretrainStage = task.PretrainStage! with
            {
                Validation = new ValidationSpec { Dataset = data.Actions with { Split = "test" }, EverySteps = TinyTasks.Steps },
            },
        };

        TrainingOutcome outcome = TinyTasks.Run(task, Token).Training!;

        Assert.Equal([ContextClasses, ActionClasses], Classes<string[][]>());
        Assert.Equal([ContextClasses.Length, 16], ShapeOf(outcome, "heads.0.0.weight"));
        Assert.Equal([ActionClasses.Length, 16], ShapeOf(outcome, "heads.1.0.weight"));
        Assert.Equal(16, outcome.LastValidation!.Samples);

        var weights = new WeightsInput
        {
            Source = WeightsSource.Checkpoint,
            Uri = new Uri(_folder.File(outcome.Checkpoint)).AbsoluteUri,
            Digest = outcome.WeightsDigest,
            IncludeNorm = true,
        };
        Assert.Equal(16, TinyTasks.Run(TinyTasks.Probe(_folder.File("probe"), data.Actions, weights), Token).Evaluation!.Samples);
    }

    [Fact]
    public void Alignment_PerDatasetEndedBetweenCheckpoints_GoesOnToTheSameWeights()
    {
        TinyTasks.Run(TinyTasks.Mae(_folder.Path, data.Context), Token);
        TaskSpec task = Aligned(LabelSpace.PerDataset);
        TrainingOutcome straight = TinyTasks.Run(task, Token).Training!;
        Directory.Delete(_folder.File("align/checkpoints/step-00000009"), recursive: true);

        Assert.Equal(straight.WeightsDigest, TinyTasks.Run(task, Token).Training!.WeightsDigest);
    }

    private TaskSpec Aligned(LabelSpace space)
    {
        TaskSpec task = TinyTasks.Classify(
            _folder.Path, new WeightsInput { Source = WeightsSource.Stage, Stage = "mae" }, data.Context, data.Actions);
        return task with { PretrainStage = task.PretrainStage! with { LabelSpace = space } };
    }

    private T Classes<T>() => JsonSerializer.Deserialize<T>(File.ReadAllBytes(_folder.File("align/classes.json")))!;

    private long[] ShapeOf(TrainingOutcome outcome, string name)
    {
        using WeightsFile weights = WeightsFile.Read(_folder.File(outcome.Checkpoint));
        return weights.Models.Single()[name].shape;
    }
}
