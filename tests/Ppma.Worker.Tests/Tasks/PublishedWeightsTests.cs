using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Ppma.Api;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;

namespace Ppma.Worker.Tests.Tasks;

/// <summary>Evaluations that start from files as the published code writes them.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class PublishedWeightsTests(TinyData data) : IDisposable
{
    private const int Steps = 4;

    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "Golden");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LinearProbe_MaeCheckpoint_TestsEveryClip()
    {
        EvaluationOutcome outcome = TinyTasks.Run(Probe(Member("mae-tiny-checkpoint.pt")), Token).Evaluation!;

        Assert.Equal(16, outcome.Samples);
        Assert.Null(outcome.MemberShares);
    }

    [Fact]
    public void LinearProbe_PublishedTrunk_TrainsMoreThanTheHead()
    {
        WeightsInput weights = Member("mae-tiny-checkpoint.pt");
        TaskSpec frozen = Probe(weights), published = Probe(weights, "published");
        TinyTasks.Run(frozen, Token);
        TinyTasks.Run(published with { Evaluate = published.Evaluate! with { Trunk = TrunkMode.Published } }, Token);

        Assert.Equal(2, Moments("run"));
        Assert.True(Moments("published") > 30);
    }

    [Fact]
    public void AdaptiveAverage_EnsembleFile_LearnsSharesThatSumToOne()
    {
        EvaluationOutcome outcome = TinyTasks.Run(Adaptive(Ensemble(EnsembleMethod.AdaptiveAverage)), Token).Evaluation!;

        Assert.Equal(16, outcome.Samples);
        Assert.Equal(2, outcome.MemberShares!.Count);
        Assert.Equal(1, outcome.MemberShares.Sum(), 1e-6);
        Assert.NotEqual(0.5, outcome.MemberShares[0], 1e-6);
        Assert.Contains("\"scores\"", File.ReadAllText(_folder.File("run/shares.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void AdaptiveAverage_ScorePerTensor_TellsTheSharesOfEachTensor()
    {
        TinyTasks.Run(Adaptive(Ensemble(EnsembleMethod.AdaptiveAverage) with { ScorePerTensor = true }), Token);

        using JsonDocument shares = JsonDocument.Parse(File.ReadAllBytes(_folder.File("run/shares.json")));
        JsonElement tensor = shares.RootElement.GetProperty("tensors").GetProperty("trunk.blocks.2.mlp.fc2.weight");
        Assert.Equal(1, tensor.EnumerateArray().Sum(share => share.GetDouble()), 1e-6);
    }

    [Fact]
    public void AdaptiveAverage_Interrupted_GoesOnToTheSameOutcome()
    {
        TaskSpec straight = Adaptive(Ensemble(EnsembleMethod.AdaptiveAverage));
        EvaluationOutcome uninterrupted = TinyTasks.Run(straight, Token).Evaluation!;
        TaskSpec ended = straight with { ArtifactsUri = new Uri(_folder.File("ended")).AbsoluteUri };
        TinyTasks.Run(ended, Token);

        // What is left when the process dies after its second checkpoint: the last one never was.
        Directory.Delete(_folder.File(string.Create(CultureInfo.InvariantCulture, $"ended/checkpoints/step-{Steps:d8}")), recursive: true);
        EvaluationOutcome continued = TinyTasks.Run(ended, Token).Evaluation!;

        Assert.Equal(uninterrupted.MemberShares, continued.MemberShares);
        Assert.Equal(File.ReadAllText(_folder.File("run/predictions.jsonl")), File.ReadAllText(_folder.File("ended/predictions.jsonl")));
    }

    [Fact]
    public void Average_EnsembleFile_IsAModelOfItsOwn()
    {
        Assert.Equal(16, TinyTasks.Run(Probe(Ensemble(EnsembleMethod.Average)), Token).Evaluation!.Samples);
    }

    [Fact]
    public void Average_MembersOfOtherNames_End68NamingTensorAndMember()
    {
        // An MAE checkpoint beside one of its own classification stage: the norm of the first is not part of a model.
        WeightsInput weights = new()
        {
            Source = WeightsSource.Ensemble, Method = EnsembleMethod.Average, IncludeNorm = true,
            Members = [Member("mae-tiny-checkpoint.pt") with { IncludeNorm = true }, TrunkOnly()],
        };

        TinyTasks.Fails(ExitCodes.NoUsableCheckpoint, Probe(weights), "'trunk.mask_token'", "member 2");
    }

    [Fact]
    public void Average_MemberThatIsAnEnsemble_Ends64NamingIt()
    {
        WeightsInput weights = new()
        {
            Source = WeightsSource.Ensemble, Method = EnsembleMethod.Average, Members = [Member("ensemble-tiny-checkpoint.pt"), Member("mae-tiny-checkpoint.pt")],
        };

        TinyTasks.Fails(ExitCodes.BadSpec, Probe(weights), "ensemble-tiny-checkpoint.pt", "only member");
    }

    [Fact]
    public void Average_MemberOfAnotherDigest_Ends65NamingIt()
    {
        WeightsInput one = Member("mae-tiny-checkpoint.pt");
        WeightsInput weights = new()
        {
            Source = WeightsSource.Ensemble, Method = EnsembleMethod.Average, Members = [one, one with { Digest = new string('0', 64) }],
        };

        TinyTasks.Fails(ExitCodes.DataDigestMismatch, Probe(weights), "mae-tiny-checkpoint.pt", one.Digest!);
    }

    [Fact]
    public void Checkpoint_ThatIsAnEnsemble_Ends64NamingHowToAverageIt()
    {
        TinyTasks.Fails(ExitCodes.BadSpec, Probe(Member("ensemble-tiny-checkpoint.pt")), "ensemble of 2 models", "fromEnsemble");
    }

    /// <summary>A probe that draws fresh views, with the golden files' model.</summary>
    private TaskSpec Probe(WeightsInput weights, string run = "run")
    {
        TaskSpec task = TinyTasks.FineTune(_folder.File(run), data.Actions);
        EvaluateTask evaluate = task.Evaluate!;
        return task with
        {
            Checkpoint = new CheckpointPolicy { EverySteps = 2 },
            Evaluate = evaluate with
            {
                Protocol = Protocol.LinearProbe,
                Model = new ModelShape
                {
                    Frames = 8, Size = 64, Patch = [2, 16, 16], Dim = 96, Depth = 3, Heads = 4, DecoderDim = 48, DecoderDepth = 2, DecoderHeads = 4,
                },
                Clip = evaluate.Clip with { ShortSide = 64 },
                Weights = weights,
                Optimization = evaluate.Optimization with
                {
                    Steps = Steps, BatchSize = 4, Schedule = SchedulePreset.LinearProbe, DropPath = 0.1, WeightDecay = 1e-4,
                },
                TestClips = 1,
                TestCrops = 1,
            },
        };
    }

    private TaskSpec Adaptive(WeightsInput weights)
    {
        TaskSpec task = Probe(weights);
        EvaluateTask evaluate = task.Evaluate!;
        return task with
        {
            Evaluate = evaluate with { Optimization = evaluate.Optimization with { Schedule = SchedulePreset.Adaptive, PeakRate = 16e-3, RateScale = 2 } },
        };
    }

    private WeightsInput Ensemble(EnsembleMethod method) => new()
    {
        Source = WeightsSource.Ensemble, Method = method, IncludeNorm = true, Members = [Member("ensemble-tiny-checkpoint.pt") with { IncludeNorm = true }],
    };

    private WeightsInput TrunkOnly()
    {
        // A stage of the same shape: its checkpoint has no mask token and no decoder.
        TaskSpec task = TinyTasks.Classify(_folder.File("stage"), null, data.Actions);
        PretrainStageTask stage = task.PretrainStage! with { Index = 0, Model = Probe(Member("mae-tiny-checkpoint.pt")).Evaluate!.Model };
        TrainingOutcome trained = TinyTasks.Run(
            task with { PretrainStage = stage with { Clip = stage.Clip with { ShortSide = 64 }, Optimization = stage.Optimization with { Steps = 1, BatchSize = 2 } } },
            Token).Training!;
        return new WeightsInput
        {
            Source = WeightsSource.Checkpoint,
            Uri = new Uri(_folder.File("stage/" + trained.Checkpoint)).AbsoluteUri,
            Digest = trained.WeightsDigest,
            IncludeNorm = true,
        };
    }

    private WeightsInput Member(string file)
    {
        string copy = _folder.File(file);
        File.Copy(Path.Combine(Golden, file), copy, overwrite: true);
        return new WeightsInput
        {
            Source = WeightsSource.Checkpoint, Uri = new Uri(copy).AbsoluteUri, Digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(copy))),
        };
    }

    /// <summary>How many parameters the optimiser of a run's last checkpoint moves.</summary>
    private int Moments(string run)
    {
        string file = _folder.File(string.Create(CultureInfo.InvariantCulture, $"{run}/checkpoints/step-{Steps:d8}/optimizer.safetensors"));
        using var optimizer = Ppma.Learning.Checkpoints.SafetensorsFile.Read(file);
        return optimizer.Tensors.Keys.Count(name => name.StartsWith("exp_avg.", StringComparison.Ordinal));
    }
}
