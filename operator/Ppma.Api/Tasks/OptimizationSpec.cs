namespace Ppma.Api.Tasks;

/// <summary>AdamW and its schedule (reference/ppma.md, "Optimisation").</summary>
public sealed record OptimizationSpec
{
    public required int Steps { get; init; }

    /// <summary>Views (MAE) or clips (supervised) in a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>MAE: views drawn from one decoded clip.</summary>
    public int ViewsPerClip { get; init; } = 1;

    public required SchedulePreset Schedule { get; init; }

    /// <summary>P of the table, before the nominal-batch factor.</summary>
    public required double PeakRate { get; init; }

    /// <summary>s = nominal batch / batch.</summary>
    public double RateScale { get; init; } = 1;

    /// <summary>Share of the steps spent warming up.</summary>
    public double WarmupShare { get; init; }

    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.999;

    public double Epsilon { get; init; } = 1e-8;

    public double WeightDecay { get; init; }

    /// <summary>Factor a layer on the rate; 1 turns layer decay off.</summary>
    public double LayerDecay { get; init; } = 1;

    public double DropPath { get; init; }

    /// <summary>Largest gradient norm; 0 turns clipping off.</summary>
    public double ClipNorm { get; init; }

    /// <summary>Parts that a batch is cut into, one after the other, to save memory; divides the clips of a batch.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>Decay of the moving average of the weights, which is then what a stage hands on; 0 keeps none.</summary>
    public double EmaDecay { get; init; }

    /// <summary>Whether the blocks' activations are computed again in the backward pass instead of kept.</summary>
    public bool RecomputeActivations { get; init; }

    /// <summary>Updates in a row that may be skipped because a loss or gradient is no finite number; one more stops the run with exit code 67.</summary>
    public int MostSkippedInARow { get; init; } = 16;

    /// <summary>Steps of an epoch; 0 where no data set fills a batch.</summary>
    /// <param name="samples">Clips in each data set.</param>
    public long StepsPerEpoch(IEnumerable<long> samples)
    {
        // Every batch comes from one data set, whose last, smaller batch is left out; with k views a clip an epoch takes one k-th of
        // the batches, as the published code counts.
        var clips = BatchSize / ViewsPerClip;
        return samples.Sum(count => count / clips) / ViewsPerClip;
    }
}
