namespace Ppma.Datasets;

/// <summary>What is wrong with a data set.</summary>
public enum DatasetFault
{
    /// <summary>A file does not say what the format asks for, or contradicts another file.</summary>
    Malformed,

    /// <summary>Bytes do not have the hash recorded for them: they were changed or damaged after they were packed.</summary>
    HashMismatch,

    /// <summary>The data set is a whole one, but not the one that was asked for.</summary>
    DigestMismatch,
}
