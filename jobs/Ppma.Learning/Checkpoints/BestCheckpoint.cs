namespace Ppma.Learning.Checkpoints;

/// <summary><c>best.json</c>: the checkpoint that did best so far.</summary>
/// <param name="Folder">Its folder's name.</param>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="ModelSha256">SHA-256 of its weights file, hex.</param>
/// <param name="Metric">What decided.</param>
/// <param name="Value">What it measured.</param>
public sealed record BestCheckpoint(string Folder, long Step, string ModelSha256, string Metric, double Value);
