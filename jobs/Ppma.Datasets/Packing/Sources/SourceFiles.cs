using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Ppma.Datasets.Packing.Sources;

/// <summary>Which files of a folder are videos and frames.</summary>
public static class SourceFiles
{
    /// <summary>Extensions of the files that are taken for videos, with the dot.</summary>
    internal static IReadOnlyList<string> VideoExtensions { get; } = [".mp4", ".webm", ".mkv", ".avi", ".mov", ".m4v", ".mpg", ".mpeg"];

    private static readonly string[] FrameExtensions = [".jpg", ".jpeg", ".png"];

    /// <summary>The frames of a folder in natural order: <c>frame2.jpg</c> before <c>frame10.jpg</c>.</summary>
    public static IReadOnlyList<string> FramesOf(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(IsFrame).OrderBy(path => Path.GetFileName(path), NaturalOrder.Instance)];

    internal static bool IsVideo(string path) => HasExtension(path, VideoExtensions);

    internal static bool IsFrame(string path) => HasExtension(path, FrameExtensions) && !IsHidden(path);

    internal static bool IsHidden(string path) => Path.GetFileName(path.AsSpan()).StartsWith('.');

    /// <summary>The video at a path; null if there is none.</summary>
    internal static PackSource? Video(string root, string relativePath, string split)
    {
        var file = new FileInfo(Path.Combine(root, relativePath));
        return !file.Exists ? null : new PackSource
        {
            Split = split,
            RelativePath = relativePath,
            FullPath = file.FullName,
            Kind = SourceKind.Video,
            Bytes = file.Length,
            Stamp = (ulong)file.LastWriteTimeUtc.Ticks,
        };
    }

    /// <summary>The frame folder at a path; null if there is none or it holds no frames.</summary>
    internal static PackSource? Frames(string root, string relativePath, string split)
    {
        var folder = new DirectoryInfo(Path.Combine(root, relativePath));
        if (!folder.Exists)
        {
            return null;
        }

        long bytes = 0;
        int frames = 0;
        var stamp = new XxHash3();
        Span<byte> facts = stackalloc byte[16];
        foreach (FileInfo frame in folder.EnumerateFiles().Where(file => IsFrame(file.Name)).OrderBy(file => file.Name, NaturalOrder.Instance))
        {
            bytes += frame.Length;
            frames++;
            BinaryPrimitives.WriteInt64LittleEndian(facts, frame.Length);
            BinaryPrimitives.WriteInt64LittleEndian(facts[8..], frame.LastWriteTimeUtc.Ticks);
            stamp.Append(Encoding.UTF8.GetBytes(frame.Name));
            stamp.Append(facts);
        }

        return frames == 0 ? null : new PackSource
        {
            Split = split,
            RelativePath = relativePath,
            FullPath = folder.FullName,
            Kind = SourceKind.Frames,
            Bytes = bytes,
            Stamp = stamp.GetCurrentHashAsUInt64(),
        };
    }

    private static bool HasExtension(string path, IReadOnlyList<string> extensions) =>
        extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
