namespace Ppma.Datasets.Metrics;

/// <summary>What became of a sample that was asked for.</summary>
public enum SampleOutcome
{
    /// <summary>It was read and decoded.</summary>
    Good,

    /// <summary>It could not be decoded.</summary>
    Damaged,
}
