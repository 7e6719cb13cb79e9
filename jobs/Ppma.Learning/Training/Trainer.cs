using Ppma.Datasets.Randomness;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Optimization;
using Ppma.Learning.Precision;
using static TorchSharp.torch;

namespace Ppma.Learning.Training;

/// <summary>
/// The training loop. A run is a pure function of its inputs: it can stop at any step, even by a power cut, and goes on from its last
/// checkpoint to the same losses (bit for bit on a CPU with the same thread count and library).
/// </summary>
public sealed class Trainer(
    TrainerOptions options,
    ITrainingObjective objective,
    FusedAdamW optimizer,
    RateSchedule schedule,
    IBatchSource source,
    ITrainingRun run,
    TimeProvider time)
{
    private readonly List<(long Step, Tensor Loss, double Rate)> _unread = [];

    /// <summary>Trains to the last step, from the newest checkpoint if there is one. Blocks; stays on the calling thread.</summary>
    /// <exception cref="TrainingInterruptedException">Stopped as asked, after a checkpoint.</exception>
    /// <exception cref="TrainingDivergedException">A loss is not finite.</exception>
    public TrainingSummary Run(CancellationToken stopping)
    {
        TrainingState state = Restore();
        bool saved = false;
        long started = time.GetTimestamp();
        long lastSaved = started;
        objective.Model.Training = true;
        try
        {
            using IEnumerator<Batch> batches = source.ReadFrom(state.Step, stopping).GetEnumerator();
            while (state.Step < options.Steps)
            {
                long asked = time.GetTimestamp();
                if (Next(batches, stopping) is not { } batch)
                {
                    break;
                }

                TimeSpan waited = time.GetElapsedTime(asked);
                using (batch)
                {
                    Step(batch, state.Step);
                }

                state = After(state, time.GetElapsedTime(started).TotalSeconds);
                started = time.GetTimestamp();
                run.OnStep(state.Step, waited);
                if (state.Step % options.ReportEverySteps == 0)
                {
                    ReadLosses();
                }

                if (run.Inspects(state.Step))
                {
                    Inspect(state.Step);
                }

                saved = IsCheckpointDue(state.Step, time.GetElapsedTime(lastSaved));
                if (saved)
                {
                    Save(state);
                    lastSaved = time.GetTimestamp();
                }
            }

            if (!saved)
            {
                Save(state);
            }

            CheckpointManifest last = run.AwaitCheckpoint();
            return state.Step == options.Steps ? new TrainingSummary(state, last) : throw new TrainingInterruptedException(state.Step);
        }
        finally
        {
            _unread.ForEach(unread => unread.Loss.Dispose());
            _unread.Clear();
        }
    }

    private TrainingState Restore()
    {
        using StoredCheckpoint? checkpoint = run.LoadCheckpoint();
        checkpoint?.Restore(Tensors);
        TrainingState state = checkpoint?.State ?? new TrainingState { Step = 0 };
        if (checkpoint is null)
        {
            run.LoadInitialWeights(objective.Model);
        }
        else
        {
            run.OnContinue(state, ChangesOf(state.Environment));
        }

        return state with { Environment = options.Environment };
    }

    private void Step(Batch batch, long step)
    {
        using var scope = NewDisposeScope();
        manual_seed((long)(new PhiloxStream(options.Seed, RandomPurpose.Step, step).NextUInt64() >> 1));

        Tensor loss;
        using (Autocast.Begin(objective.Model.Device, options.Precision))
        {
            loss = objective.Loss(batch);
        }

        loss.backward();
        if (options.ClipNorm > 0)
        {
            optimizer.ClipGradients(options.ClipNorm);
        }

        double rate = optimizer.SetLearningRate(schedule, (double)step / options.Steps);

        // A loss that is no number must not reach the weights; the host learns of it when it reads the losses.
        optimizer.Step(skip: loss.detach().isfinite().logical_not().to_type(ScalarType.Float32));
        optimizer.ZeroGradients();
        _unread.Add((step + 1, loss.detach().DetachFromDisposeScope(), rate));
    }

    private void Inspect(long step)
    {
        // Nothing is made of weights that a loss which is no number has reached.
        ReadLosses();
        objective.Model.Training = false;
        try
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            run.Inspect(step, objective.Model);
        }
        finally
        {
            objective.Model.Training = true;
        }
    }

    private TrainingState After(TrainingState state, double seconds)
    {
        long consumed = state.SamplesConsumed + options.ClipsPerStep;
        return state with { Step = state.Step + 1, SamplesConsumed = consumed, ComputeSeconds = state.ComputeSeconds + seconds };
    }

    /// <summary>The one place where the host waits for the device.</summary>
    private void ReadLosses()
    {
        if (_unread.Count == 0)
        {
            return;
        }

        float[] values;
        using (NewDisposeScope())
        {
            values = stack(_unread.Select(unread => unread.Loss)).cpu().data<float>().ToArray();
        }

        StepLoss[] losses = [.. _unread.Select((unread, i) => new StepLoss(unread.Step, values[i], unread.Rate))];
        _unread.ForEach(unread => unread.Loss.Dispose());
        _unread.Clear();
        run.OnLosses(losses);
        foreach (StepLoss loss in losses.Where(loss => !float.IsFinite(loss.Loss)))
        {
            throw new TrainingDivergedException(loss.Step, loss.Rate);
        }
    }

    /// <summary>All that a checkpoint holds beside the state.</summary>
    private IReadOnlyList<TensorGroup> Tensors => [new(TensorGroup.Model, objective.Model.State), new(TensorGroup.Optimizer, optimizer.State)];

    private void Save(TrainingState state)
    {
        // A checkpoint is never newer than what was reported, and never from after a loss that is no number.
        ReadLosses();
        run.SaveCheckpoint(state, Tensors);
    }

    private bool IsCheckpointDue(long step, TimeSpan sinceLast) =>
        step == options.Steps
        || (options.CheckpointEverySteps > 0 && step % options.CheckpointEverySteps == 0)
        || sinceLast >= options.CheckpointEvery;

    /// <summary>Null when asked to stop.</summary>
    private static Batch? Next(IEnumerator<Batch> batches, CancellationToken stopping)
    {
        try
        {
            return !stopping.IsCancellationRequested && batches.MoveNext() ? batches.Current : null;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    private string[] ChangesOf(IReadOnlyDictionary<string, string> before) =>
    [
        .. options.Environment.Where(now => before.TryGetValue(now.Key, out string? then) && then != now.Value)
            .Select(now => $"{now.Key} was {before[now.Key]} and is {now.Value}"),
    ];
}
