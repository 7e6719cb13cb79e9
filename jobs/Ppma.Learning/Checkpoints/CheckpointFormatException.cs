namespace Ppma.Learning.Checkpoints;

/// <summary>A weights file is damaged, hostile or of a kind that is not read. The message names the file and the cause.</summary>
public sealed class CheckpointFormatException : Exception
{
    public CheckpointFormatException(string file, string problem, Exception? innerException = null)
        : base($"'{file}' cannot be read as a checkpoint: {problem}", innerException)
    {
    }
}
