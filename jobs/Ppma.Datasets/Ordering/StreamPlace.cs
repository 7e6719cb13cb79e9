namespace Ppma.Datasets.Ordering;

/// <summary>How far a stage has come in one data set.</summary>
/// <param name="Digest">SHA-256 of its index.</param>
/// <param name="Split">Which split.</param>
/// <param name="Pass">Passes done.</param>
/// <param name="Position">Clips taken from the pass that is under way.</param>
public sealed record StreamPlace(string Digest, string Split, long Pass, long Position);
