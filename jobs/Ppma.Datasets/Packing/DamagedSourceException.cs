using Ppma.Datasets.Packing.Sources;

namespace Ppma.Datasets.Packing;

/// <summary>A source cannot be decoded.</summary>
public sealed class DamagedSourceException : IOException
{
    public DamagedSourceException(PackSource source, string problem, Exception? innerException = null)
        : base($"{source.FullPath}: {problem.TrimEnd('.')}. Repair or remove it, or leave out up to N such samples (--accept-damaged N).", innerException)
    {
        Damaged = source;
        Problem = problem;
    }

    internal DamagedSourceException(DamagedSourceException last, int count, int limit)
        : base($"{last.Damaged.FullPath}: {last.Problem.TrimEnd('.')}. It is damaged sample number {count}, but {limit} are accepted (--accept-damaged).", last)
    {
        Damaged = last.Damaged;
        Problem = last.Problem;
    }

    public PackSource Damaged { get; }

    /// <summary>What is wrong with it.</summary>
    public string Problem { get; }
}
