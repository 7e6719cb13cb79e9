using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Scanning;

/// <summary>One sample as its shard shows it, before the data set's classes are known.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Offset">Where the video's bytes begin in the shard.</param>
/// <param name="Length">How many there are.</param>
/// <param name="Label">The label, where it is given as a number.</param>
/// <param name="ClassName">The class, where it is given as text.</param>
/// <param name="MetadataOffset">Where the sample's JSON begins; 0 where it has none.</param>
/// <param name="MetadataLength">Length of the JSON.</param>
internal readonly record struct ScannedSample(
    string Key, long Offset, int Length, int? Label, string? ClassName, long MetadataOffset = 0, int MetadataLength = 0)
{
    /// <summary>An error that names shard and sample.</summary>
    public static DatasetFormatException Wrong(FileWindow file, string key, string problem, string fix) =>
        new(DatasetFault.Malformed, file.Location, $"sample '{key}' {problem}", fix);
}
