namespace Ppma.Datasets.Packing.Sources;

/// <summary>What a sample is made from.</summary>
public enum SourceKind
{
    /// <summary>A video file.</summary>
    Video,

    /// <summary>A folder of JPEG or PNG files, one a frame.</summary>
    Frames,
}
