namespace Ppma.Datasets.Packing.Sources;

/// <summary>Sources cannot be packed as they are. The message lists the first problems by file and line, and how many there are.</summary>
public sealed class SourceProblemsException(IReadOnlyList<SourceProblem> problems) : IOException(MessageOf(problems))
{
    private const int MostShown = 20;

    /// <summary>All of them.</summary>
    public IReadOnlyList<SourceProblem> Problems { get; } = problems;

    internal static void ThrowIfAny(IReadOnlyList<SourceProblem> problems)
    {
        if (problems.Count > 0)
        {
            throw new SourceProblemsException(problems);
        }
    }

    private static string MessageOf(IReadOnlyList<SourceProblem> problems)
    {
        string count = problems.Count == 1 ? "one problem" : FormattableString.Invariant($"{problems.Count} problems");
        IEnumerable<string> lines = problems.Take(MostShown).Select(problem => $"  {problem}");
        string more = problems.Count > MostShown ? FormattableString.Invariant($"\n  … and {problems.Count - MostShown} more") : "";
        return $"the sources have {count}; nothing was written\n{string.Join('\n', lines)}{more}";
    }
}
