using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Packing;

/// <summary>A data set cannot be written. The message names the path, the cause and the fix.</summary>
public sealed class DatasetWriteException(string path, string problem, string fix, Exception? innerException = null)
    : IOException($"{path}: {problem}. {fix}.", innerException)
{
    private const int ReadOnlyFileSystem = 30;

    public string Path { get; } = path;

    /// <summary>Whether this is a failed system call that nobody has explained yet.</summary>
    internal static bool Explains(Exception problem) =>
        problem is (IOException or UnauthorizedAccessException) and not DatasetWriteException;

    /// <summary>Names cause and fix of a failed system call on <paramref name="path"/>.</summary>
    internal static DatasetWriteException From(string path, Exception problem) => problem switch
    {
        UnauthorizedAccessException => new DatasetWriteException(
            path, "this user may not write here", "Give write permission, or choose another folder", problem),
        _ when DurableFile.IsDiskFull(problem) => new DatasetWriteException(
            path, "the disk is full", "Free space or choose another folder, then run again", problem),
        { HResult: ReadOnlyFileSystem } => new DatasetWriteException(
            path, "the file system is read-only", "Choose another folder", problem),
        _ => new DatasetWriteException(path, $"writing failed ({problem.Message})", "Check the disk, then run again", problem),
    };
}
