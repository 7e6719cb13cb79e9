namespace Ppma.Api.Resolution;

/// <summary>What a finished stage left behind.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Objective">What it learned from: decides whether its final norm is of use to others.</param>
/// <param name="CheckpointUri">Its last checkpoint.</param>
/// <param name="WeightsDigest">SHA-256 (hex) of the weights file in it.</param>
public sealed record StageFacts(string Name, Objective Objective, string CheckpointUri, string WeightsDigest)
{
    /// <summary>Every checkpoint that stayed; empty where only the last is known.</summary>
    public IReadOnlyList<CheckpointFacts> Checkpoints { get; init; } = [];
}
