namespace Ppma.Learning.Checkpoints;

/// <summary>There are checkpoints, but none can be used.</summary>
public sealed class NoUsableCheckpointException : Exception
{
    public NoUsableCheckpointException(string root, IReadOnlyList<string> problems)
        : base($"None of the {problems.Count} checkpoints in '{root}' can be used: {string.Join("; ", problems)}. " +
            "Restore one from a copy, or remove the folder to begin again.")
    {
    }
}
