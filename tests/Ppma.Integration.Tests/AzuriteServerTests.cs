using Azure.Storage.Blobs;
using Ppma.Testing;

namespace Ppma.Integration.Tests;

/// <summary>What every other test here stands on.</summary>
public sealed class AzuriteServerTests(AzuriteFixture azurite)
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Blob_ThatWasUploaded_ReadsTheSameThroughASignature()
    {
        BlobContainerClient container = await azurite.CreateContainerAsync();
        await container.UploadBlobAsync("clip.txt", BinaryData.FromString("sixteen frames"), _cancellation);

        var reader = new BlobContainerClient(azurite.Server.SasUri(container.Name));

        var answer = await reader.GetBlobClient("clip.txt").DownloadContentAsync(_cancellation);
        Assert.Equal("sixteen frames", answer.Value.Content.ToString());
    }

    [Fact]
    public async Task Server_OnDisk_RemovesItsFolder()
    {
        string[] before = AzuriteFolders();
        string[] during;
        await using (AzuriteServer server = await AzuriteServer.StartAsync(onDisk: true, _cancellation))
        {
            await server.CreateContainerAsync("shards", _cancellation);
            during = AzuriteFolders();
        }

        string[] made = during.Except(before).ToArray();
        Assert.NotEmpty(made);
        Assert.DoesNotContain(made, Directory.Exists);
    }

    private static string[] AzuriteFolders() => Directory.GetDirectories(Path.GetTempPath(), "ppma-azurite-*");
}
