using Ppma.Datasets.Randomness;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Optimization;
using Ppma.Learning.Precision;
using TorchSharp;
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
    private readonly GradientScaler? _scaler = options.Precision == ComputePrecision.Float16 ? new(objective.Model.Device) : null;
    private readonly WeightAverage? _average = options.EmaDecay > 0 ? new(objective.Model, options.EmaDecay) : null;
    private readonly UnreadSteps _unread = new(options.Precision);
    private readonly SkippedRow _skipped = new(options.MostSkippedInARow);

    /// <summary>Trains to the last step, from the newest checkpoint if there is one. Blocks; stays on the calling thread.</summary>
    /// <exception cref="TrainingInterruptedException">Stopped as asked, after a checkpoint.</exception>
    /// <exception cref="TrainingDivergedException">Too many updates in a row were skipped, as a loss or gradient was no finite number.</exception>
    public TrainingSummary Run(CancellationToken stopping)
    {
        TrainingState state = Restore();
        bool due = false, saved = false;
        long started = time.GetTimestamp();
        long lastSaved = started;
        objective.Model.Training = true;
        try
        {
            // What the attempt before had no time to look at.
            if (state.Step > 0 && Inspect(state.Step, stopping))
            {
                Save(state);
                saved = true;
            }

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

                due |= Inspect(state.Step, stopping) || IsCheckpointDue(state.Step, time.GetElapsedTime(lastSaved));
                saved = due && !IsInSkippedRow();
                if (saved)
                {
                    Save(state);
                    lastSaved = time.GetTimestamp();
                    due = false;
                }
            }

            if (!saved)
            {
                Save(state);
            }

            CheckpointManifest last = run.AwaitCheckpoint();
            if (state.Step < options.Steps || run.Inspects(state.Step))
            {
                throw new TrainingInterruptedException(state.Step);
            }

            _average?.Exchange();
            return new TrainingSummary(state, last);
        }
        finally
        {
            _unread.Clear();
            _average?.Dispose();
            _scaler?.Dispose();
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
            _average?.Restart();
        }
        else
        {
            run.OnContinue(state, ChangesOf(state.Environment));
        }

        _skipped.Restart(state.SkippedInARow);
        return state with { Environment = options.Environment };
    }

    private void Step(Batch batch, long step)
    {
        using var scope = NewDisposeScope();
        manual_seed((long)(new PhiloxStream(options.Seed, RandomPurpose.Step, step).NextUInt64() >> 1));

        double rate = optimizer.SetLearningRate(schedule, (double)step / options.Steps);
        var update = new WeightUpdate(optimizer, _scaler, _average, options.ClipNorm);
        Tensor loss = Backward(batch, update);
        _unread.Add(step, rate, loss, gradientNorm: update.Apply(loss), batch.SampleKeys);
    }

    /// <summary>Leaves the gradients of the whole batch, part after part, and returns its loss.</summary>
    private Tensor Backward(Batch batch, WeightUpdate update)
    {
        using Scalar parts = options.AccumulationSteps.ToScalar();
        var losses = new List<Tensor>();
        foreach (Batch part in batch.Cut(options.AccumulationSteps))
        {
            using var scope = NewDisposeScope();
            Tensor loss;
            using (Autocast.Begin(objective.Model.Device, options.Precision))
            {
                loss = objective.Loss(part).div(parts);
            }

            update.Backward(loss);
            losses.Add(loss.detach().MoveToOuterDisposeScope());
        }

        return stack(losses).sum();
    }

    /// <summary>Shows the model to the run if it wants to see it; true when it then wants a checkpoint.</summary>
    private bool Inspect(long step, CancellationToken stopping)
    {
        if (!run.Inspects(step))
        {
            return false;
        }

        ReadLosses();
        objective.Model.Training = false;
        _average?.Exchange();
        try
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            run.Inspect(step, objective.Model);
            return run.Keeps(step);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            _average?.Exchange();
            objective.Model.Training = true;
        }
    }

    private TrainingState After(TrainingState state, double seconds)
    {
        long consumed = state.SamplesConsumed + options.ClipsPerStep;
        return state with { Step = state.Step + 1, SamplesConsumed = consumed, ComputeSeconds = state.ComputeSeconds + seconds };
    }

    private void ReadLosses()
    {
        var steps = _unread.Read();
        if (steps.Count > 0)
        {
            run.OnLosses([.. steps.Select(read => read.Step)]);
        }

        foreach (var (step, sampleKeys) in steps)
        {
            _skipped.Add(step, sampleKeys);
        }
    }

    // The checkpoint that a run leaves when it diverges is from before it did, so none is written while that may be under way.
    private bool IsInSkippedRow()
    {
        ReadLosses();
        return _skipped.Count > 0;
    }

    /// <summary>All that a checkpoint holds beside the state; its model is what the run would hand on.</summary>
    private IReadOnlyList<TensorGroup> Tensors =>
    [
        new(TensorGroup.Model, _average?.Averaged ?? objective.Model.State),
        new(TensorGroup.Optimizer, optimizer.State),
        .. _average is null ? (TensorGroup[])[] : [new("weights", _average.Weights)],
        .. _scaler is null ? (TensorGroup[])[] : [new("scaler", _scaler.State)],
    ];

    private void Save(TrainingState state)
    {
        // A checkpoint is never newer than what was reported.
        ReadLosses();
        run.SaveCheckpoint(state with { SkippedInARow = _skipped.Count }, Tensors);
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
