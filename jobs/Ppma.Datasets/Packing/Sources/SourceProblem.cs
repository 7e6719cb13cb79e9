namespace Ppma.Datasets.Packing.Sources;

/// <summary>What is wrong with a line of a list, or with a file.</summary>
/// <param name="File">The list or the file.</param>
/// <param name="Line">The line of the list, from 1; 0 where there is none.</param>
/// <param name="Problem">What is wrong, and what to do.</param>
public sealed record SourceProblem(string File, int Line, string Problem)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Problem}" : $"{File}: {Problem}";
}
