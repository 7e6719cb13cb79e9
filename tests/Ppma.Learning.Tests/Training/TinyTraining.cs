using Microsoft.Extensions.Time.Testing;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using Ppma.Learning.Optimization;
using Ppma.Learning.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Training;

/// <summary>One attempt at a run whose folder may hold what earlier attempts left; keeps what it is told.</summary>
internal sealed class TinyTraining(string folder) : ITrainingRun, IBatchSource, IDisposable
{
    private readonly CheckpointStore _checkpoints = new(folder, keepLast: 2);
    private CheckpointManifest? _saved;
    private long _step;
    private readonly CancellationTokenSource _stop = new();
    private long _inspected;

    public TrainerOptions Options { get; init; } =
        new() { Steps = 12, Seed = 5, ClipsPerStep = 2, ReportEverySteps = 3, CheckpointEverySteps = 4 };

    public bool Masked { get; init; }

    /// <summary>Learns the scores and the head of an adaptive average.</summary>
    public bool Averaged { get; init; }

    /// <summary>Stochastic depth draws from the generator that each step seeds.</summary>
    public double DropPath { get; init; } = 0.4;

    /// <summary>Blocks of the trunk.</summary>
    public int Depth { get; init; } = TinyModels.Options.Depth;

    /// <summary>Whether backward computes the blocks again.</summary>
    public bool RecomputesBlocks { get; init; }

    /// <summary>False for a run so long that its reports would weigh more than the run.</summary>
    public bool KeepsReports { get; init; } = true;

    /// <summary>Steps, from 1, whose batch holds a NaN.</summary>
    public Func<long, bool> HasFaultyLoss { get; init; } = _ => false;

    /// <summary>Steps, from 1, whose loss is a number and whose gradients are none.</summary>
    public Func<long, bool> HasFaultyGradient { get; init; } = _ => false;

    /// <summary>Called when so many steps are done.</summary>
    public Action<TinyTraining, long> AfterStep { get; init; } = (_, _) => { };

    /// <summary>Steps between two looks at the model; 0 for none.</summary>
    public int InspectEverySteps { get; init; }

    /// <summary>What is done at each look.</summary>
    public Action<long, VideoModel> OnInspect { get; init; } = (_, _) => { };

    /// <summary>Called before a checkpoint is written.</summary>
    public Action<long> OnSave { get; init; } = _ => { };

    public FakeTimeProvider Clock { get; } = new();

    /// <summary>What reading a batch takes on the clock.</summary>
    public TimeSpan ReadingTakes { get; init; }

    /// <summary>How long each step waited for its batch.</summary>
    public List<TimeSpan> Waits { get; } = [];

    public SortedDictionary<long, float> Losses { get; init; } = [];

    /// <summary>All that was reported, repeated steps too.</summary>
    public List<StepLoss> Reported { get; } = [];

    public List<long> SavedSteps { get; } = [];

    /// <summary>How often the weights to start from were asked for.</summary>
    public int InitialLoads { get; private set; }

    public List<string> EnvironmentChanges { get; } = [];

    /// <summary>Weights when the attempt ended, however it did.</summary>
    public Dictionary<string, float[]> Weights { get; } = [];

    /// <summary>Asks the attempt to stop.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();

    public TrainingSummary Train()
    {
        // So small products only lose by sharing them out.
        set_num_threads(1);

        VisionTransformerOptions shape = TinyModels.Options with { DropPath = DropPath, Depth = Depth };
        using VideoModel model = Masked ? new MaskedAutoencoder(shape, seed: 1)
            : Averaged ? TinyModels.AdaptiveAverage(shape.DropPath)
            : new VideoClassifier(shape, classes: 2, seed: 1);
        model.RecomputesBlocks = RecomputesBlocks;
        ITrainingObjective objective = model is MaskedAutoencoder autoencoder
            ? new MaskedAutoencoding(autoencoder)
            : new ActionClassification((ClipClassifier)model);
        objective = new FaultyObjective(objective, () => HasFaultyGradient(_step));
        using FusedAdamW optimizer = TinyModels.Optimizer(model);
        try
        {
            return new Trainer(Options, objective, optimizer, RateSchedule.Mae(peak: 5e-3, scale: 1), this, this, Clock).Run(_stop.Token);
        }
        finally
        {
            foreach ((string name, Parameter weight) in model.Parameters)
            {
                Weights[name] = weight.data<float>().ToArray();
            }
        }
    }

    /// <summary>Stripes of four columns; whether odd or even ones are bright is the class. Noise differs from step to step.</summary>
    public IEnumerable<Batch> ReadFrom(long firstStep, CancellationToken cancellationToken)
    {
        for (long step = firstStep; ; step++)
        {
            Clock.Advance(ReadingTakes);
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var generator = new Generator((ulong)(100 + step), CPU);
            Tensor video = randn([2, 3, 4, 16, 16], generator: generator).mul_(0.1);
            Tensor columns = video.view(2, 3, 4, 16, 4, 4);
            columns[0, .., .., .., TensorIndex.Slice(0, 4, 2)].add_(1);
            columns[1, .., .., .., TensorIndex.Slice(1, 4, 2)].add_(1);
            _step = step + 1;
            if (HasFaultyLoss(_step))
            {
                video.fill_(float.NaN);
            }

            TokenMask mask = TinyModels.Mask();
            mask.Visible.DetachFromDisposeScope();
            mask.Masked.DetachFromDisposeScope();
            string key = $"clip-{step + 1}";
            yield return new Batch
            {
                Video = video.DetachFromDisposeScope(), Mask = mask, Targets = eye(2).DetachFromDisposeScope(), SampleKeys = () => [key],
            };
        }
    }

    public StoredCheckpoint? LoadCheckpoint() => _checkpoints.Load();

    public void LoadInitialWeights(VideoModel model) => InitialLoads++;

    public void SaveCheckpoint(TrainingState state, IReadOnlyList<TensorGroup> tensors)
    {
        SavedSteps.Add(state.Step);
        OnSave(state.Step);
        using var snapshot = CheckpointSnapshot.Take(state, tensors);
        _saved = _checkpoints.Save(snapshot);
    }

    public CheckpointManifest AwaitCheckpoint() => _saved!;

    public void OnContinue(TrainingState state, IReadOnlyList<string> environmentChanges)
    {
        foreach (long step in Losses.Keys.Where(step => step > state.Step).ToArray())
        {
            Losses.Remove(step);
        }

        EnvironmentChanges.AddRange(environmentChanges);
    }

    public void OnStep(long stepsDone, TimeSpan waited)
    {
        if (KeepsReports)
        {
            Waits.Add(waited);
        }

        AfterStep(this, stepsDone);
    }

    public bool Inspects(long stepsDone) => InspectEverySteps > 0 && stepsDone % InspectEverySteps == 0 && stepsDone > _inspected;

    public void Inspect(long stepsDone, VideoModel model)
    {
        OnInspect(stepsDone, model);
        _inspected = stepsDone;
    }

    public void OnLosses(IReadOnlyList<StepLoss> losses)
    {
        if (!KeepsReports)
        {
            return;
        }

        Reported.AddRange(losses);
        foreach (StepLoss loss in losses)
        {
            Losses.Add(loss.Step, loss.Loss);
        }
    }
}
