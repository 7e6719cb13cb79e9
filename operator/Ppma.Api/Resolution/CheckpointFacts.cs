namespace Ppma.Api.Resolution;

/// <summary>A checkpoint that others can start from.</summary>
/// <param name="Step">Steps done when it was written.</param>
/// <param name="Uri">Its folder.</param>
/// <param name="WeightsDigest">SHA-256 (hex) of the weights file in it.</param>
/// <param name="Best">Whether it did best on the stage's validation set.</param>
public sealed record CheckpointFacts(long Step, string Uri, string WeightsDigest, bool Best);
