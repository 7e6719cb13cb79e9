using System.Globalization;
using Ppma.Api.Tasks;
using Ppma.Datasets.Stores;

namespace Ppma.Worker.Data;

/// <summary>Where a worker finds Secrets and keeps shards, and how much it may hold. Nothing here changes a number that a task computes.</summary>
internal sealed record DataPlaneOptions
{
    public const string CredentialsVariable = "PPMA_CREDENTIALS";
    public const string CacheVariable = "PPMA_CACHE";
    public const string CacheBytesVariable = "PPMA_CACHE_BYTES";
    public const string ScratchVariable = "PPMA_SCRATCH";
    public const string MemoryBytesVariable = "PPMA_MEMORY_BYTES";
    public const string RangesInFlightVariable = "PPMA_RANGES_IN_FLIGHT";

    private const int MostRangesInFlight = 1024;

    /// <summary>The folder in which Secrets are mounted, <c>secret/key</c> each; null where there is none.</summary>
    public string? CredentialsFolder { get; init; }

    /// <summary>The folder of the shard cache; made when a remote data set is opened.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>The folder for what a task with artifacts in a container keeps on this machine: two checkpoints and more.</summary>
    public string ScratchFolder { get; init; } = Path.Combine(Path.GetTempPath(), "ppma-scratch");

    /// <summary>What the cache may take on its disk; null for half of what is free there.</summary>
    public long? CacheBytes { get; init; }

    /// <summary>Bytes of memory between storage and the training step; null for four batches and room for every decoding thread.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Ranges asked for at once, all data sets together. The default value is 16.</summary>
    public int RangesInFlight { get; init; } = 16;

    /// <summary>Whether this process has a workload identity; else it asks as the account that <c>az login</c> left.</summary>
    public bool HasWorkloadIdentity { get; init; }

    /// <summary>Who asks blob storage where no Secret is named.</summary>
    public AzureCredentials OwnIdentity => HasWorkloadIdentity ? AzureCredentials.WorkloadIdentity : AzureCredentials.AzureCli;

    /// <summary>The variables that give another process these options.</summary>
    public IEnumerable<(string Name, string Value)> ToEnvironment()
    {
        if (CredentialsFolder is { } credentials)
        {
            yield return (CredentialsVariable, credentials);
        }

        yield return (CacheVariable, CacheFolder);
        yield return (ScratchVariable, ScratchFolder);
        if (CacheBytes is { } bytes)
        {
            yield return (CacheBytesVariable, Text(bytes));
        }

        if (MemoryBytes is { } memory)
        {
            yield return (MemoryBytesVariable, Text(memory));
        }

        yield return (RangesInFlightVariable, Text(RangesInFlight));

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <param name="environment">Value of an environment variable, or null.</param>
    /// <exception cref="TaskFailedException">64, naming the variable.</exception>
    public static DataPlaneOptions Parse(Func<string, string?> environment)
    {
        var options = new DataPlaneOptions
        {
            CredentialsFolder = Given(CredentialsVariable) is { } credentials ? Path.GetFullPath(credentials) : null,
            CacheFolder = Path.GetFullPath(Given(CacheVariable) ?? DefaultCacheFolder(environment)),
            ScratchFolder = Path.GetFullPath(Given(ScratchVariable) ?? Path.Combine(Path.GetTempPath(), "ppma-scratch")),
            HasWorkloadIdentity = Given("AZURE_FEDERATED_TOKEN_FILE") is not null,
        };
        return options with
        {
            CacheBytes = Bytes(CacheBytesVariable),
            MemoryBytes = Bytes(MemoryBytesVariable),
            RangesInFlight = Ranges(options.RangesInFlight),
        };

        string? Given(string name) => environment(name) is { Length: > 0 } value ? value : null;

        long? Bytes(string name) =>
            Given(name) is not { } text ? null
            : ByteSize.TryParse(text, out long bytes) ? bytes
            : throw new TaskFailedException(ExitCodes.BadSpec, $"{name} is '{text}'; write {ByteSize.Form}.");

        int Ranges(int absent) =>
            Given(RangesInFlightVariable) is not { } text ? absent
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int ranges) && ranges is >= 1 and <= MostRangesInFlight ? ranges
            : throw new TaskFailedException(
                ExitCodes.BadSpec, $"{RangesInFlightVariable} is '{text}'; it must be a whole number from 1 to {MostRangesInFlight}.");
    }

    // The XDG base directories; a container without a home has its temporary folder.
    private static string DefaultCacheFolder(Func<string, string?> environment) =>
        environment("XDG_CACHE_HOME") is { Length: > 0 } caches ? Path.Combine(caches, "ppma")
        : environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".cache", "ppma")
        : Path.Combine(Path.GetTempPath(), "ppma-cache");
}
