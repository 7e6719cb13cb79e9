namespace Ppma.Learning.Evaluation;

/// <summary>How a linear head learns from kept features.</summary>
public sealed record ProbeOptions
{
    public required int Classes { get; init; }

    public required int Steps { get; init; }

    public required int BatchSize { get; init; }

    public double WarmupShare { get; init; }

    /// <summary>s = nominal batch / batch.</summary>
    public double RateScale { get; init; } = 1;

    public double WeightDecay { get; init; }

    public double LabelSmoothing { get; init; }

    /// <summary>Decides the head's first weights, the batches and the held-out clips.</summary>
    public required long Seed { get; init; }
}
