namespace Ppma.Learning.Checkpoints;

/// <summary>One file of a checkpoint.</summary>
/// <param name="Name">Name inside the folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Hex, lower case.</param>
public sealed record CheckpointFile(string Name, long Bytes, string Sha256);
