namespace Ppma.Datasets.Caching;

/// <summary>A shard cache cannot be used as it is set up. The message names the folder, the numbers, the cause and the fix.</summary>
public sealed class ShardCacheException : Exception
{
    public ShardCacheException(ShardCacheFault fault, string folder, string problem, string fix, Exception? innerException = null)
        : base($"Shard cache '{folder}': {problem}. {fix}.", innerException)
    {
        Fault = fault;
        Folder = folder;
    }

    public ShardCacheFault Fault { get; }

    public string Folder { get; }
}
