using Ppma.Api.Recipes;
using Ppma.Api.Tasks;

namespace Ppma.Api.Tests.Resolution;

/// <summary>Whatever a preset says, a manifest can say differently.</summary>
public sealed class OverrideTests
{
    // What a batch is and how long it goes on stands in the stage itself.
    private static readonly string[] OfTheStage = [nameof(OptimizationSpec.Steps), nameof(OptimizationSpec.BatchSize), nameof(OptimizationSpec.ViewsPerClip)];

    [Theory]
    [InlineData(typeof(OptimizationSpec), typeof(OptimizationOverrides))]
    [InlineData(typeof(AugmentationSpec), typeof(AugmentationOverrides))]
    [InlineData(typeof(ClipShape), typeof(ClipOverrides))]
    public void Overrides_OfAPreset_HaveEveryOfItsNumbers(Type preset, Type overrides) =>
        Assert.Equal(Names(preset).Except(OfTheStage), Names(overrides));

    [Fact]
    public void Resolve_OverriddenNumbers_ReachTheTask()
    {
        var task = Quickstart.Resolved("ppma", edit: text => text.Replace(
            "preset: mae-mini ",
            """
            preset: mae-mini
                optimization: {accumulationSteps: 2, emaDecay: 0.999, recomputeActivations: true, mostSkippedInARow: 3, clipNorm: 5}
                reconstructionEveryEpochs: 2 #
            """,
            StringComparison.Ordinal)).Tasks[0].Spec.PretrainStage!;

        var optimization = task.Optimization;
        Assert.Equal(
            (2, 0.999, true, 3, 5.0),
            (optimization.AccumulationSteps, optimization.EmaDecay, optimization.RecomputeActivations, optimization.MostSkippedInARow, optimization.ClipNorm));
        Assert.Equal(2 * (3000 / 16 / 4), task.ReconstructionEverySteps);
    }

    [Fact]
    public void Resolve_PrecisionOfTheManifest_WinsOverThePreset() =>
        Assert.All(
            Quickstart.Resolved("ppma", edit: text => text.Replace("seed: 1", "seed: 1\n  precision: Float16", StringComparison.Ordinal)).Tasks,
            task => Assert.Equal(Precision.Float16, task.Spec.Precision));

    [Theory]
    [InlineData("Frozen", 0)]
    [InlineData("Published", 0.1)]
    public void Resolve_Trunk_DecidesTheDropPathOfAPaperProbe(string trunk, double dropPath)
    {
        var task = Quickstart.Resolved("probe-random-1", edit: text => text.Replace(
            "preset: linear-probe-mini", $"preset: linear-probe-paper\n  trunk: {trunk}", StringComparison.Ordinal)).Tasks[0].Spec.Evaluate!;

        Assert.Equal((trunk, dropPath), (task.Trunk.ToString(), task.Optimization.DropPath));
    }

    [Theory]
    [InlineData("everySteps: 30", 30)]
    [InlineData("everyEpochs: 2", 2 * (3000 / 16 / 4))]
    public void Resolve_ValidationSet_IsMeasuredInSteps(string every, int steps)
    {
        var facts = Quickstart.Facts;
        var key = new ResourceKey("default", "context");
        var held = facts with
        {
            Datasets = new Dictionary<ResourceKey, Api.Resolution.DatasetFacts>(facts.Datasets)
            {
                [key] = facts.Datasets[key] with { Samples = new Dictionary<string, long> { ["train"] = 3000, ["held-out"] = 100 } },
            },
        };

        var task = Quickstart.Resolved("ppma", held, text => text
            .Replace("preset: mae-mini ", $"preset: mae-mini\n    validation: {{dataset: {{name: context}}, split: held-out, {every}}} #", StringComparison.Ordinal)
            .Replace("seed: 1", "seed: 1\n  checkpoint: {best: {metric: loss}}", StringComparison.Ordinal));

        Assert.Equal(("held-out", steps), (task.Tasks[0].Spec.PretrainStage!.Validation!.Dataset.Split, task.Tasks[0].Spec.PretrainStage!.Validation!.EverySteps));
        Assert.Equal([new BestPolicy { Metric = "loss", Mode = Api.Runs.BestMode.Min }, null], task.Tasks.Select(stage => stage.Spec.Checkpoint.Best));
        Assert.Equal(Quickstart.Resolved("ppma").InputDigest, task.InputDigest);
    }

    [Fact]
    public void Resolve_DataThatHoldsSomethingElseThanExpected_IsRefused()
    {
        var problems = Quickstart.Resolve("supervised", edit: text => text.Replace(
            "uri: file:synthetic", "uri: file:synthetic\n  expected: {samples: {train: 4001}, classes: 2}", StringComparison.Ordinal)).Problems;

        Assert.Contains("expected.samples.train: 4001, and its index has 4000", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(Type type) => type.GetProperties().Where(property => property.CanWrite).Select(property => property.Name);
}
