namespace Ppma.Datasets.Ordering;

/// <summary>
/// Where the data of a run stands: under 1 KiB for up to five data sets. The step alone is enough to go on; the rest proves that
/// going on means the same order of the same data.
/// </summary>
public sealed record StreamState
{
    public required long Seed { get; init; }

    public required long ShuffleBlockBytes { get; init; }

    public required int ClipsPerBatch { get; init; }

    /// <summary>Batches taken: the cursor of the mix.</summary>
    public required long Batches { get; init; }

    public required IReadOnlyList<StreamPlace> Datasets { get; init; }

    /// <summary>The first field in which two states differ, as <c>field: this and that</c>; null where they are the same.</summary>
    public string? DifferenceTo(StreamState other)
    {
        if (Datasets.Count != other.Datasets.Count)
        {
            return $"datasets: {Datasets.Count} and {other.Datasets.Count}";
        }

        for (int i = 0; i < Datasets.Count; i++)
        {
            if (Datasets[i] != other.Datasets[i])
            {
                return $"datasets[{i}]: {Datasets[i]} and {other.Datasets[i]}";
            }
        }

        return Seed != other.Seed ? $"seed: {Seed} and {other.Seed}"
            : ShuffleBlockBytes != other.ShuffleBlockBytes ? $"shuffleBlockBytes: {ShuffleBlockBytes} and {other.ShuffleBlockBytes}"
            : ClipsPerBatch != other.ClipsPerBatch ? $"clipsPerBatch: {ClipsPerBatch} and {other.ClipsPerBatch}"
            : Batches != other.Batches ? $"batches: {Batches} and {other.Batches}"
            : null;
    }
}
