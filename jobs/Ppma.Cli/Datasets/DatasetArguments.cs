using System.CommandLine;
using Ppma.Api.Tasks;
using Ppma.Datasets.Stores;
using Ppma.Worker.Data;

namespace Ppma.Cli.Datasets;

/// <summary>How the commands that read a data set are told which: <c>URI [--credentials FILE]</c>.</summary>
internal static class DatasetArguments
{
    /// <summary>The folder of the data set.</summary>
    public static Argument<string> Uri { get; } = new("URI")
    {
        Description = "Folder, file: URI, or https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX of the data set.",
    };

    /// <summary>Who asks blob storage.</summary>
    public static Option<string?> Credentials { get; } = new("--credentials")
    {
        Description = "File that holds a SAS token or a connection string; without it, workload identity or the account of `az login`.",
        HelpName = "FILE",
    };

    /// <summary>Opens the store that a command line names.</summary>
    /// <exception cref="TaskFailedException">64 when there is no such file of credentials.</exception>
    /// <exception cref="StoreException">No store serves such URIs.</exception>
    public static IBlobStore OpenStore(ParseResult options) =>
        OpenStore(options.GetRequiredValue(Uri), options.GetValue(Credentials));

    /// <summary>Opens the store of any URI that a command takes, with the same credentials.</summary>
    /// <param name="uri">A path, a file: URI or a URL of blob storage.</param>
    /// <param name="credentials">A file with a SAS token or a connection string, or null.</param>
    /// <exception cref="TaskFailedException">64 when there is no such file of credentials.</exception>
    /// <exception cref="StoreException">No store serves such URIs.</exception>
    public static IBlobStore OpenStore(string uri, string? credentials)
    {
        if (credentials is not null && !File.Exists(credentials))
        {
            throw new TaskFailedException(ExitCodes.BadSpec, $"--credentials {credentials}: there is no such file. It should hold a SAS token or a connection string.");
        }

        return BlobStore.Open(uri, new StoreOptions
        {
            Credentials = credentials is null ? DataPlaneOptions.Parse(Environment.GetEnvironmentVariable).OwnIdentity : AzureCredentials.SecretFile(credentials),
        });
    }
}
