namespace Ppma.Datasets.Stores;

/// <summary>A store could not give the bytes. The message names the URI, the cause and the fix.</summary>
public sealed class StoreException : IOException
{
    public StoreException(StoreFailure failure, string uri, string problem, string fix, Exception? innerException = null)
        : base($"{uri}: {problem}. {fix}.", innerException)
    {
        Failure = failure;
        Uri = uri;
    }

    public StoreFailure Failure { get; }

    /// <summary>What was read.</summary>
    public string Uri { get; }
}
