namespace Ppma.Datasets;

/// <summary>
/// A data set cannot be trusted. The message names the file, the field, shard or sample, the cause and the fix.
/// Never thrown for a clip that merely cannot be decoded.
/// </summary>
public sealed class DatasetFormatException : Exception
{
    public DatasetFormatException(DatasetFault fault, string file, string problem, string fix, Exception? innerException = null)
        : base($"{file}: {problem}. {fix}.", innerException)
    {
        Fault = fault;
        File = file;
    }

    public DatasetFault Fault { get; }

    /// <summary>URI of the file.</summary>
    public string File { get; }
}
