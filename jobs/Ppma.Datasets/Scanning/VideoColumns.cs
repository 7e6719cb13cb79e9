namespace Ppma.Datasets.Scanning;

/// <summary>Which column of a sample is its video.</summary>
internal static class VideoColumns
{
    private static readonly HashSet<string> Extensions = new(StringComparer.Ordinal)
    {
        "mp4", "m4v", "mov", "webm", "mkv", "avi", "mpg", "mpeg", "ts", "m2ts", "wmv", "flv", "ogv", "3gp", "y4m",
    };

    // What writers of MDS call it; beside these the extensions.
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal) { "video", "bytes", "content", "data", "clip" };

    /// <summary>By its last extension: <c>left.mp4</c> is a video too.</summary>
    public static bool IsVideoExtension(string column) => Extensions.Contains(column[(column.LastIndexOf('.') + 1)..]);

    public static bool IsVideoName(string column) => Names.Contains(column.ToLowerInvariant()) || Extensions.Contains(column.ToLowerInvariant());
}
