using Ppma.Api.Tasks;

namespace Ppma.Worker.Execution;

/// <summary>A task as it was read.</summary>
/// <param name="Spec">What to compute.</param>
/// <param name="Digest">SHA-256 (hex) of the file's bytes.</param>
internal sealed record TaskFile(TaskSpec Spec, string Digest)
{
    /// <exception cref="TaskFailedException">64, naming the file and the field.</exception>
    public static TaskFile Read(string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            return new TaskFile(TaskJson.ReadTask(bytes, path), TaskJson.Digest(bytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TaskFailedException(ExitCodes.BadSpec, $"Task file '{path}' cannot be read: {e.Message}", e);
        }
    }
}
