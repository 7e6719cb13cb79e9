namespace Ppma.Datasets.Ordering;

/// <summary>Samples that are visited mixed together; all shards they lie in are needed at once.</summary>
/// <param name="FirstCursor">Cursor of the first visit.</param>
/// <param name="EndCursor">Cursor behind the last one.</param>
/// <param name="Shards">Positions of the shards in the split.</param>
public sealed record ShuffleBlock(long FirstCursor, long EndCursor, IReadOnlyList<int> Shards);
