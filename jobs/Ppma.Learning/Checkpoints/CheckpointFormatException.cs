namespace Ppma.Learning.Checkpoints;

/// <summary>A weights file is damaged, hostile or of a kind that is not read. The message names the file and the cause.</summary>
public sealed class CheckpointFormatException : Exception
{
    private const int LongestProblem = 500;

    public CheckpointFormatException(string file, string problem, Exception? innerException = null)
        : base($"'{file}' cannot be read as a checkpoint: {Printable(problem)}", innerException)
    {
    }

    // Names in a hostile file may be megabytes long, or hold what a terminal obeys.
    private static string Printable(string problem)
    {
        string cut = problem.Length <= LongestProblem ? problem : problem[..LongestProblem] + "…";
        return string.Concat(cut.Select(character => char.IsControl(character) ? '\ufffd' : character));
    }
}
