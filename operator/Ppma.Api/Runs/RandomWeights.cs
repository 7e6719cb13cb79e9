namespace Ppma.Api.Runs;

/// <summary>Nothing to say: the seed decides.</summary>
public sealed record RandomWeights;
