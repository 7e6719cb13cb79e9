namespace Ppma.Api.Runs;

/// <summary>Where the initial weights come from: exactly one member is set.</summary>
public sealed record WeightsSpec
{
    public RunWeights? FromRun { get; init; }

    public CheckpointWeights? FromCheckpoint { get; init; }

    public EnsembleWeights? FromEnsemble { get; init; }

    /// <summary>Initialised from the seed: <c>random: {}</c>.</summary>
    public RandomWeights? Random { get; init; }
}
