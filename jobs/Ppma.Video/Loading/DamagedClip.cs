namespace Ppma.Video.Loading;

/// <summary>A clip that could not be decoded.</summary>
/// <param name="Dataset">Name of the data set, as its index has it.</param>
/// <param name="Shard">Name of the shard.</param>
/// <param name="Key">Key of the sample.</param>
/// <param name="Reason">What the decoder said.</param>
public sealed record DamagedClip(string Dataset, string Shard, string Key, string Reason);
