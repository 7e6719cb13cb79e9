using Ppma.Learning.Precision;

namespace Ppma.Learning.Training;

/// <summary>What the loop itself needs to know.</summary>
public sealed record TrainerOptions
{
    /// <summary>Optimiser steps of the whole run.</summary>
    public required long Steps { get; init; }

    /// <summary>Seeds libtorch's generators anew each step, so that a checkpoint holds none.</summary>
    public required long Seed { get; init; }

    public ComputePrecision Precision { get; init; } = ComputePrecision.Float32;

    /// <summary>Largest joint norm of the gradients; 0 turns clipping off. The default value is 0.</summary>
    public double ClipNorm { get; init; }

    /// <summary>Parts that a batch is cut into, computed one after the other; divides its clips. The default value is 1.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>Decay of the moving average of the weights, which is then what the run hands on; 0 keeps none. The default value is 0.</summary>
    public double EmaDecay { get; init; }

    /// <summary>
    /// Steps in a row that may leave the weights alone because a loss or gradient is no finite number; one more stops the run. The default
    /// value is 16.
    /// </summary>
    public int MostSkippedInARow { get; init; } = 16;

    /// <summary>Clips that a step takes from the data.</summary>
    public required int ClipsPerStep { get; init; }

    /// <summary>Steps between two looks at the losses; between them nothing waits for the device. The default value is 10.</summary>
    public int ReportEverySteps { get; init; } = 10;

    /// <summary>Time between two checkpoints. The default value is 15 minutes.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Steps between two checkpoints; 0 goes by time alone. The default value is 0.</summary>
    public long CheckpointEverySteps { get; init; }

    /// <summary>What a bit-for-bit continuation depends on; kept with each checkpoint and compared when continuing.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
