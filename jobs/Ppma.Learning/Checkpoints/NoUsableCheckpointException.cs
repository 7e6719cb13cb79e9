namespace Ppma.Learning.Checkpoints;

/// <summary>There are checkpoints, but none is whole.</summary>
public sealed class NoUsableCheckpointException : Exception
{
    public NoUsableCheckpointException(string root, IReadOnlyList<string> problems)
        : base($"None of the {problems.Count} checkpoints in '{root}' is whole: {string.Join("; ", problems)}. " +
            "Restore one from a copy, or remove the folder to begin again.")
    {
    }
}
