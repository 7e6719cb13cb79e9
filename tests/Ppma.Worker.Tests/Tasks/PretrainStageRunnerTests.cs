using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Datasets.Indexing;
using Ppma.Video.Synthesis;
using Ppma.Worker.Tests.Tracking;

namespace Ppma.Worker.Tests.Tasks;

[Collection(nameof(GlobalGenerator))]
public sealed class PretrainStageRunnerTests(TinyData data) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_TwoStages_TheSecondStartsFromTheFirstAndAProbeFromIt()
    {
        TrainingOutcome mae = TinyTasks.Run(TinyTasks.Mae(_folder.Path, data.Context, data.Actions), Token).Training!;
        var fromMae = new WeightsInput { Source = WeightsSource.Stage, Stage = "mae" };
        TrainingOutcome align = TinyTasks.Run(TinyTasks.Classify(_folder.Path, fromMae, data.Context, data.Actions), Token).Training!;
        var fromAlign = new WeightsInput
        {
            Source = WeightsSource.Checkpoint,
            Uri = new Uri(_folder.File(align.Checkpoint)).AbsoluteUri,
            Digest = align.WeightsDigest,
            IncludeNorm = true,
        };
        EvaluationOutcome probe = TinyTasks.Run(TinyTasks.Probe(_folder.File("probe"), data.Actions, fromAlign), Token).Evaluation!;

        Assert.Equal((TinyTasks.Steps, "mae/checkpoints/step-00000009"), ((int)mae.Steps, mae.Checkpoint));
        Assert.Equal(TinyTasks.Steps, File.ReadLines(_folder.File("mae/curve.jsonl")).Count());
        Assert.Equal(4, Directory.EnumerateFiles(_folder.File("mae/reconstructions"), "*.png").Count());
        Assert.StartsWith("{\"step\":9,", File.ReadLines(_folder.File("mae/metrics.jsonl")).Last(), StringComparison.Ordinal);
        IReadOnlyList<RecordReader.Item> shown = RecordReader.ReadFolder(_folder.File("mae/events"));
        Assert.Contains(shown, item => item is { Tag: "train/gradient_norm", Step: 9, Value: > 0 });
        Assert.Equal(4, shown.Count(item => item is { Picture: not null, Step: 9 }));
        string[] classes = JsonSerializer.Deserialize<string[]>(File.ReadAllBytes(_folder.File("align/classes.json")))!;
        Assert.Equal(
            ClipRenderer.Classes(SyntheticSet.Context).Union(ClipRenderer.Classes(SyntheticSet.Actions)).Order(StringComparer.Ordinal), classes);
        Assert.Equal(16, probe.Samples);
    }

    [Fact]
    public void Run_FromTheFirstStageOrAtRandom_EndsWithOtherWeights()
    {
        TinyTasks.Run(TinyTasks.Mae(_folder.Path, data.Actions), Token);
        var fromMae = new WeightsInput { Source = WeightsSource.Stage, Stage = "mae" };

        Assert.NotEqual(
            TinyTasks.Run(TinyTasks.Classify(_folder.Path, fromMae, data.Actions), Token).Training!.WeightsDigest,
            TinyTasks.Run(TinyTasks.Classify(_folder.File("random"), weights: null, data.Actions), Token).Training!.WeightsDigest);
    }

    [Fact]
    public void Run_OtherNumberOfDecodingThreads_EndsWithTheSameWeights()
    {
        TaskSpec task = TinyTasks.Classify(_folder.File("one"), weights: null, data.Actions);
        TaskSpec threads = TinyTasks.Classify(_folder.File("three"), weights: null, data.Actions) with { Threads = 3 };

        Assert.Equal(TinyTasks.Run(task, Token).Training!.WeightsDigest, TinyTasks.Run(threads, Token).Training!.WeightsDigest);
    }

    [Fact]
    public void Run_RealFootage_Ends66UnlessItIsAllowed()
    {
        string real = TinyData.Pack(_folder.File("real"), HumanPresence.Real, [], [.. Enumerable.Repeat(("train", true), 4)]);
        TaskSpec task = TinyTasks.Mae(_folder.File("run"), TinyData.Input(real, Humans.Real));

        TinyTasks.Fails(ExitCodes.PrivacyViolation, task, "'real'", "privacy.realHumans");
        Assert.False(Directory.Exists(_folder.File("run")));
        TinyTasks.Run(task with { PretrainStage = task.PretrainStage! with { AllowRealHumans = true } }, Token);
    }

    [Fact]
    public void Run_OtherHumansThanPromised_Ends66()
    {
        string real = TinyData.Pack(_folder.File("real"), HumanPresence.Real, [], ("train", true));
        TinyTasks.Fails(ExitCodes.PrivacyViolation, TinyTasks.Mae(_folder.Path, TinyData.Input(real, Humans.Removed)), "Real", "Removed");
    }

    [Fact]
    public void Run_AnotherDigest_Ends65NamingBoth()
    {
        DatasetInput input = data.Context with { Digest = new string('0', 64) };
        TinyTasks.Fails(ExitCodes.DataDigestMismatch, TinyTasks.Mae(_folder.Path, input), data.Context.Digest, input.Digest);
    }

    [Fact]
    public void Run_ShardThatLiesAboutItsSize_Ends65NamingIt()
    {
        string copy = data.CopyActions(_folder.File("actions"));
        File.AppendAllText(Path.Combine(copy, "train-000000.tar"), "more");

        TinyTasks.Fails(
            ExitCodes.DataDigestMismatch, TinyTasks.Mae(_folder.Path, TinyData.Input(copy, Humans.Synthetic)), "train-000000.tar", "bytes");
    }

    [Fact]
    public void Run_LabelOutOfRange_Ends65NamingTheClip()
    {
        string folder = TinyData.Pack(_folder.File("labels"), HumanPresence.None, ["wave", "clap"], ("train", true), ("train", true));
        string index = Path.Combine(folder, "index.json");
        File.WriteAllText(index, System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(index), "\"wave\",\\s*\"clap\"", "\"wave\""));

        TinyTasks.Fails(
            ExitCodes.DataDigestMismatch, TinyTasks.Classify(_folder.Path, null, TinyData.Input(folder, Humans.None)), "clip-01", "label 1");
    }

    [Fact]
    public void Run_ClipsWithoutClasses_TrainNoClassifier()
    {
        string folder = TinyData.Pack(_folder.File("plain"), HumanPresence.None, [], ("train", true));
        TinyTasks.Fails(ExitCodes.BadSpec, TinyTasks.Classify(_folder.Path, null, TinyData.Input(folder, Humans.None)), "'plain'", "no classes");
    }

    [Fact]
    public void Run_NothingThatDecodes_Ends65NamingTheShard()
    {
        string folder = TinyData.Pack(_folder.File("noise"), HumanPresence.None, [], [.. Enumerable.Repeat(("train", false), 8)]);
        TinyTasks.Fails(ExitCodes.DataDigestMismatch, TinyTasks.Mae(_folder.Path, TinyData.Input(folder, Humans.None)), "'noise'", "train-0");
    }

    [Fact]
    public void Run_DamagedClip_IsReplacedAndCounted()
    {
        string folder = TinyData.Pack(
            _folder.File("mixed"), HumanPresence.None, [], [.. Enumerable.Range(0, 8).Select(clip => ("train", clip != 3))]);

        TrainingOutcome outcome = TinyTasks.Run(TinyTasks.Mae(_folder.Path, TinyData.Input(folder, Humans.None)), Token).Training!;

        Assert.True(outcome.DamagedClips >= 4, $"{outcome.DamagedClips} in four passes");
        Assert.All(outcome.DamagedSamples!, sample => Assert.Equal("mixed/train-000000.tar/clip-03", sample));
    }

    [Fact]
    public void Run_CheckpointOfAnotherOrder_Ends68NamingTheField()
    {
        TaskSpec task = TinyTasks.Mae(_folder.Path, data.Context, data.Actions);
        TinyTasks.Run(task, Token);

        TinyTasks.Fails(ExitCodes.NoUsableCheckpoint, Stage(stage => stage with { ShuffleBlockBytes = 1 << 20 }), "step-00000009", "shuffleBlockBytes");
        TinyTasks.Fails(ExitCodes.NoUsableCheckpoint, Stage(stage => stage with { Datasets = [data.Context] }), "datasets: 2 and 1");
        TinyTasks.Fails(ExitCodes.NoUsableCheckpoint, task with { Seed = 4 }, "seed: 3 and 4");

        TaskSpec Stage(Func<PretrainStageTask, PretrainStageTask> change) => task with { PretrainStage = change(task.PretrainStage!) };
    }

    [Fact]
    public void Run_CheckpointThatDoesNotSayWhereTheDataStood_GoesOn()
    {
        TaskSpec task = TinyTasks.Mae(_folder.Path, data.Context);
        string weights = TinyTasks.Run(task, Token).Training!.WeightsDigest;
        string folder = _folder.File("mae/checkpoints/step-00000009");
        RewriteState(folder, state => state.Remove("stream"));

        Assert.Equal(weights, TinyTasks.Run(task, Token).Training!.WeightsDigest);
    }

    /// <summary>Changes a checkpoint's state, and its manifest with it.</summary>
    private static void RewriteState(string folder, Action<JsonObject> change)
    {
        string file = Path.Combine(folder, "state.json");
        JsonObject state = JsonNode.Parse(File.ReadAllBytes(file))!.AsObject();
        change(state);
        byte[] bytes = Encoding.UTF8.GetBytes(state.ToJsonString());
        File.WriteAllBytes(file, bytes);
        string manifest = Path.Combine(folder, "manifest.json");
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(manifest))!;
        JsonNode entry = json["files"]!.AsArray().Single(entry => (string)entry!["name"]! == "state.json")!;
        entry["bytes"] = bytes.Length;
        entry["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes));
        File.WriteAllText(manifest, json.ToJsonString());
    }

    [Fact]
    public void Run_RateThatDiverges_Ends67NamingTheStep()
    {
        TaskSpec task = TinyTasks.Mae(_folder.Path, data.Context);
        PretrainStageTask stage = task.PretrainStage!;
        TinyTasks.Fails(
            ExitCodes.Diverged,
            task with { PretrainStage = stage with { Optimization = stage.Optimization with { PeakRate = 1e30, MostSkippedInARow = 2 } } },
            "The loss of step");
    }
}
