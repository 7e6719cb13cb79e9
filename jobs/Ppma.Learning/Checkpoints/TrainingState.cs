using System.Text.Json.Serialization;
using Ppma.Datasets.Ordering;

namespace Ppma.Learning.Checkpoints;

/// <summary>Where a training run stands; with the model's and the optimiser's tensors, all that is needed to go on exactly.</summary>
public sealed record TrainingState
{
    /// <summary>Optimiser steps done.</summary>
    public required long Step { get; init; }

    /// <summary>Clips taken from the data, all passes together.</summary>
    public long SamplesConsumed { get; init; }

    /// <summary>Where the data stands, to be compared when going on; null in checkpoints that were written without.</summary>
    public StreamState? Stream { get; init; }

    /// <summary>What a validation set measured at this very step, by name (<c>loss</c>, <c>top1</c>, …); null where nothing was.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public IReadOnlyDictionary<string, double>? Metrics { get; init; }

    /// <summary>Seconds of computing so far, all attempts together.</summary>
    public double ComputeSeconds { get; init; }

    /// <summary>Steps up to this one, in a row, that left the weights alone because a loss or gradient was no finite number.</summary>
    public int SkippedInARow { get; init; }

    /// <summary>What a bit-for-bit continuation depends on, such as thread count and library version; compared by the caller.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
