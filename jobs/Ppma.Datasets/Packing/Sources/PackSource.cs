namespace Ppma.Datasets.Packing.Sources;

/// <summary>One video or frame folder that becomes a sample.</summary>
public sealed record PackSource
{
    /// <summary>The sample's key: the split and a number of eight digits, counted in the order of packing.</summary>
    public string Key { get; init; } = "";

    public required string Split { get; init; }

    /// <summary>Relative to the folder of sources, with forward slashes.</summary>
    public required string RelativePath { get; init; }

    /// <summary>Where it lies on this machine.</summary>
    public required string FullPath { get; init; }

    public required SourceKind Kind { get; init; }

    /// <summary>Position in the classes; −1 where there are none.</summary>
    public int Label { get; init; } = -1;

    /// <summary>Size of the file, or of all frames.</summary>
    public required long Bytes { get; init; }

    /// <summary>Changes when the file or a frame is written: what is packed already is not taken for what is there now.</summary>
    public required ulong Stamp { get; init; }
}
