namespace Ppma.Datasets.Packing;

/// <summary>How far packing is.</summary>
/// <param name="Start">What an interrupted pack had left.</param>
/// <param name="Samples">All samples.</param>
/// <param name="Kept">Those that an interrupted pack had left complete.</param>
/// <param name="Done">Those packed or left out now.</param>
/// <param name="Damaged">Those left out.</param>
/// <param name="Bytes">Bytes of video packed now.</param>
public readonly record struct PackProgress(PackingStart Start, int Samples, int Kept, int Done, int Damaged, long Bytes);
