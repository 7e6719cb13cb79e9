namespace Ppma.Datasets.Packing.Sources;

/// <summary>A line of a split file.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Path">Relative to the folder of sources, with or without extension.</param>
/// <param name="Label">A class or its position; null where the line has none.</param>
public sealed record SourceLine(int Number, string Path, string? Label);
