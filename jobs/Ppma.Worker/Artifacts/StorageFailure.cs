using Ppma.Api.Tasks;

namespace Ppma.Worker.Artifacts;

/// <summary>Turns what a file system refuses into one sentence with the folder and the fix.</summary>
internal static class StorageFailure
{
    // errno of Linux, which .NET passes on as the HResult of an IOException.
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceeded = 122;

    public static bool Explains(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>Whether the disk or the quota is used up.</summary>
    public static bool IsFull(IOException exception) => exception.HResult is NoSpace or QuotaExceeded;

    /// <summary>Exit code 40 for a failure to write <paramref name="path"/>.</summary>
    public static TaskFailedException ToTaskFailure(Exception exception, string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
        string message = exception switch
        {
            IOException { HResult: NoSpace } =>
                $"No space left in '{folder}'. Free some, or choose another artifacts folder; the task continues from its last checkpoint.",
            IOException { HResult: QuotaExceeded } =>
                $"The disk quota for '{folder}' is used up. Raise it or free some; the task continues from its last checkpoint.",
            IOException { HResult: ReadOnlyFileSystem } =>
                $"'{folder}' is on a read-only file system. Mount it writable, or choose another artifacts folder.",
            UnauthorizedAccessException =>
                $"'{folder}' cannot be written by user '{Environment.UserName}'. Change its permissions, or choose another artifacts folder.",
            _ => $"Reading or writing in '{folder}' failed: {exception.Message}",
        };
        return new TaskFailedException(ExitCodes.StorageOrNetwork, message, exception);
    }
}
