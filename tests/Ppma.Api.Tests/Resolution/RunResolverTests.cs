using Ppma.Api.Resolution;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;

namespace Ppma.Api.Tests.Resolution;

public sealed class RunResolverTests
{
    [Fact]
    public void Resolve_TwoStages_ChainsThemAndSharesOneFolder()
    {
        var run = Quickstart.Resolved("ppma");

        Assert.Equal(["mae", "align"], run.Tasks.Select(task => task.Name));
        var (mae, align) = (run.Tasks[0].Spec.PretrainStage!, run.Tasks[1].Spec.PretrainStage!);
        Assert.Equal(new WeightsInput { Source = WeightsSource.Random }, mae.Weights);
        Assert.Equal(new WeightsInput { Source = WeightsSource.Stage, Stage = "mae" }, align.Weights);
        Assert.Equal(["context", "synthetic"], align.Datasets.Select(dataset => dataset.Name));
        Assert.Equal("file:///data/context", mae.Datasets[0].Uri);
        Assert.Equal($"file:///runs/default/ppma/{run.InputDigest[..8]}/", run.ArtifactsUri);
        Assert.All(run.Tasks, task => Assert.Equal(run.ArtifactsUri, task.Spec.ArtifactsUri));
        Assert.All(run.Tasks, task => Assert.Equal(run.InputDigest, task.Spec.Run.Uid));
        Assert.Equal(run.InputDigest, run.Tasks[1].Spec.InputDigest);
        Assert.NotEqual(run.InputDigest, run.Tasks[0].Spec.InputDigest);
    }

    [Fact]
    public void Resolve_EveryRunOfTheQuickstart_GivesTasksThatAWorkerAccepts()
    {
        var set = Quickstart.Read();
        var facts = Quickstart.Facts;
        foreach (var manifest in RunOrder.Of(set))
        {
            var resolution = new RunResolver(set, Quickstart.Settings).Resolve(manifest, facts);

            Assert.Empty(resolution.Problems);
            Assert.All(resolution.Run!.Tasks, task => Assert.Empty(task.Spec.Validate()));
            Assert.All(resolution.Run.Tasks, task => Assert.Equal(task.Json.ToArray(), TaskJson.Serialize(TaskJson.ReadTask(task.Json.Span, "task.json"))));
            if (resolution.Run.Tasks[0].Spec.Kind == TaskKind.PretrainStage)
            {
                facts = facts with { Runs = new Dictionary<ResourceKey, RunFacts>(facts.Runs) { [manifest.Key] = Quickstart.Finish(resolution.Run) } };
            }
        }
    }

    [Theory]
    [InlineData("probe-ppma-1", true, "align")]
    [InlineData("probe-mae-only-1", false, "mae")]
    public void Resolve_WeightsOfARun_TakesTheFinalNormOfClassifiersOnly(string probe, bool includeNorm, string stage)
    {
        var ppma = Quickstart.Resolved("ppma");

        var weights = Quickstart.Resolved(probe, Quickstart.After(ppma)).Tasks[0].Spec.Evaluate!.Weights;

        Assert.Equal(includeNorm, weights.IncludeNorm);
        Assert.Equal($"{ppma.ArtifactsUri}{stage}/checkpoints/600", weights.Uri);
        Assert.Equal(64, weights.Digest!.Length);
    }

    [Fact]
    public void Resolve_StartingRunNotFinished_SaysSo()
    {
        var problem = Assert.Single(Quickstart.Resolve("mae-synthetic").Problems);

        Assert.Equal("pretraining.yaml:3: spec.weights.fromRun.name: PretrainRun \"ppma\" has not finished", problem.ToString());
    }

    [Fact]
    public void Resolve_SeveralThingsMissing_NamesAllOfThem()
    {
        var resolution = Quickstart.Resolve("ppma", new KnownFacts());

        Assert.Null(resolution.Run);
        Assert.Equal(
            ["spec.stages[0].datasets[0].name", "spec.stages[1].datasets[0].name", "spec.stages[1].datasets[1].name"],
            resolution.Problems.Select(problem => problem.Path));
    }

    [Theory]
    [InlineData("seed", "seed: 1", "seed: 2")]
    [InlineData("steps", "preset: mae-mini", "preset: mae-mini\n    steps: 1200")]
    [InlineData("threads", "threads: 1", "threads: 2")]
    [InlineData("peakRate", "preset: mae-mini", "preset: mae-mini\n    optimization: {peakRate: 0.001}")]
    public void InputDigest_SomethingThatDecidesTheNumbers_Changes(string what, string from, string to)
    {
        var changed = Quickstart.Resolved("ppma", edit: text => text.Replace(from, to, StringComparison.Ordinal));

        Assert.True(Quickstart.Resolved("ppma").InputDigest != changed.InputDigest, what);
    }

    [Theory]
    [InlineData("seed: 1", "seed: 1\n  checkpoint: {everySeconds: 7}\n  ttlSecondsAfterFinished: 5")]
    [InlineData("- name: mae\n", "- name: fill\n")]
    [InlineData("file:context", "file:///elsewhere/context")]
    public void InputDigest_SomethingThatDoesNot_Stays(string from, string to)
    {
        var changed = Quickstart.Resolved("ppma", edit: text => text.Replace(from, to, StringComparison.Ordinal));

        Assert.Equal(Quickstart.Resolved("ppma").InputDigest, changed.InputDigest);
        Assert.NotEqual(Quickstart.Resolved("ppma").Tasks[0].TaskDigest, changed.Tasks[0].TaskDigest);
    }

    [Fact]
    public void InputDigest_OtherPlaceAndCredentials_Stays()
    {
        var changed = Quickstart.Resolved("ppma", edit: InContainer);

        Assert.Equal(Quickstart.Resolved("ppma").InputDigest, changed.InputDigest);
        Assert.NotEqual(Quickstart.Resolved("ppma").Tasks[0].TaskDigest, changed.Tasks[0].TaskDigest);
        var input = changed.Tasks[0].Spec.PretrainStage!.Datasets[0];
        Assert.Equal(("https://account.blob.core.windows.net/clips/context", "storage/sas"), (input.Uri, input.Credentials));

        static string InContainer(string text) => text.Replace(
            "uri: file:context",
            "uri: https://account.blob.core.windows.net/clips/context\n  credentials: {secret: {name: storage, key: sas}}",
            StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_RepeatedDataSet_CountsAsThatManyTimesAsLong()
    {
        var plain = Quickstart.Resolved("ppma", edit: text => Align(text, "- name: context")).Tasks[1].Spec;
        var repeated = Quickstart.Resolved("ppma", edit: text => Align(text, "- {name: context, repeat: 3}")).Tasks[1].Spec;

        Assert.Equal([0, 0], plain.PretrainStage!.Datasets.Select(dataset => dataset.Weight));
        Assert.Equal([9000, 4000], repeated.PretrainStage!.Datasets.Select(dataset => dataset.Weight));
        Assert.NotEqual(plain.InputDigest, repeated.InputDigest);
        int batch = plain.PretrainStage.Optimization.BatchSize;
        Assert.Equal((3000 / batch) + (4000 / batch), plain.PretrainStage.Optimization.Steps);
        Assert.Equal((9000 / batch) + (4000 / batch), repeated.PretrainStage.Optimization.Steps);

        static string Align(string text, string context) => text
            .Replace("preset: align-mini\n", "preset: align-mini\n    epochs: 1\n", StringComparison.Ordinal)
            .Replace("- name: context\n    - name: synthetic", $"{context}\n    - name: synthetic", StringComparison.Ordinal);
    }

    [Fact]
    public void InputDigest_OtherData_Changes()
    {
        var facts = Quickstart.Facts;
        var key = new ResourceKey("default", "context");
        var other = facts with
        {
            Datasets = new Dictionary<ResourceKey, DatasetFacts>(facts.Datasets) { [key] = facts.Datasets[key] with { Digest = new string('f', 64) } },
        };

        Assert.NotEqual(Quickstart.Resolved("ppma").InputDigest, Quickstart.Resolved("ppma", other).InputDigest);
    }

    [Fact]
    public void Resolve_TrustOnFirstUseInACluster_IsRefusedByName()
    {
        var resolution = Quickstart.Resolve("supervised", settings: Quickstart.Settings with { TrustOnFirstUse = false });

        Assert.Contains("AttestationNotPinned", Assert.Single(resolution.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_TrustOnFirstUseOnALaptop_WarnsAndIsRecorded()
    {
        var resolution = Quickstart.Resolve("supervised");

        Assert.Contains(new string('d', 64), Assert.Single(resolution.Warnings), StringComparison.Ordinal);
        Assert.Equal(PrivacyDecision.Passed, resolution.Run!.Privacy!.Decision);
        Assert.True(Assert.Single(resolution.Run.Privacy.Inputs).TrustedOnFirstUse);
    }

    [Fact]
    public void Resolve_IndexSaysOtherHumansThanTheManifest_IsRefused()
    {
        var facts = Quickstart.Facts;
        var key = new ResourceKey("default", "synthetic");
        var other = facts with
        {
            Datasets = new Dictionary<ResourceKey, DatasetFacts>(facts.Datasets) { [key] = facts.Datasets[key] with { Humans = Humans.Real } },
        };

        Assert.Contains("says humans: Synthetic, and its index says Real", Assert.Single(Quickstart.Resolve("supervised", other).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RunOrder_Quickstart_PutsEveryRunAfterThoseItStartsFrom()
    {
        var order = RunOrder.Of(Quickstart.Read()).Select(run => run.Name).ToList();

        Assert.Equal(18, order.Count);
        Assert.True(order.IndexOf("ppma") < order.IndexOf("mae-synthetic"));
        Assert.True(order.IndexOf("mae-synthetic") < order.FindIndex(name => name.StartsWith("probe-", StringComparison.Ordinal)));
    }
}
