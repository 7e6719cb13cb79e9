using Microsoft.Extensions.Logging.Abstractions;
using Ppma.Api.Tasks;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Stores;
using Ppma.Worker.Data;

namespace Ppma.Worker.Tests.Data;

public sealed class DataPlaneTests : IDisposable
{
    private const string Uri = "https://account.blob.core.windows.net/clips/context";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OpenStore_FileOfTheSecret_IsThere()
    {
        Directory.CreateDirectory(_folder.File("storage"));
        File.WriteAllText(_folder.File("storage/sas"), "sv=1&sig=x");

        IBlobStore store = Plane(_folder.Path).OpenStore("context", Uri, "storage/sas");

        Assert.True(store.IsRemote);
        Assert.Equal(Uri + "/", store.Uri.AbsoluteUri);
    }

    [Fact]
    public void OpenStore_NoSuchSecret_Is64NamingTheFile() =>
        Assert.Contains($"there is no file '{_folder.File("storage/sas")}'", Refused(_folder.Path, "storage/sas"), StringComparison.Ordinal);

    [Fact]
    public void OpenStore_NoFolderOfSecrets_Is64NamingTheVariable() =>
        Assert.Contains("Set PPMA_CREDENTIALS (ppma run --credentials DIR)", Refused(folder: null, "storage/sas"), StringComparison.Ordinal);

    private static string Refused(string? folder, string credentials)
    {
        var failure = Assert.Throws<TaskFailedException>(() => Plane(folder).OpenStore("context", Uri, credentials));
        Assert.Equal(ExitCodes.BadSpec, failure.ExitCode);
        Assert.Contains("'context'", failure.Message, StringComparison.Ordinal);
        return failure.Message;
    }

    private static DataPlane Plane(string? credentials) => new(
        DataPlaneOptions.Parse(_ => null) with { CredentialsFolder = credentials }, new StreamMetrics(), TimeProvider.System, NullLoggerFactory.Instance);
}
