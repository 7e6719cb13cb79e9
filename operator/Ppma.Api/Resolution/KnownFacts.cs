namespace Ppma.Api.Resolution;

/// <summary>Everything that resolution needs and manifests cannot say.</summary>
public sealed record KnownFacts
{
    public IReadOnlyDictionary<ResourceKey, DatasetFacts> Datasets { get; init; } = new Dictionary<ResourceKey, DatasetFacts>();

    /// <summary>Finished PretrainRuns.</summary>
    public IReadOnlyDictionary<ResourceKey, RunFacts> Runs { get; init; } = new Dictionary<ResourceKey, RunFacts>();

    /// <summary>PretrainRuns that ended, well or not, as they were resolved: what another run may go on from.</summary>
    public IReadOnlyDictionary<ResourceKey, ResolvedRun> Ended { get; init; } = new Dictionary<ResourceKey, ResolvedRun>();
}
