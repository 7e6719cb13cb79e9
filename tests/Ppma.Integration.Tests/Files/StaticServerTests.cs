using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Ppma.Testing;
using Ppma.Testing.Files;

namespace Ppma.Integration.Tests.Files;

/// <summary>The benchmark's file server answers Azure's client as Azure would.</summary>
public sealed class StaticServerTests : IAsyncLifetime
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly byte[] _content = RandomBytes.Of(3 << 20);
    private readonly TempFolder _folder = new("static");
    private StaticServer? _server;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "shard-000.tar"), _content, _cancellation);
        _server = await StaticServer.StartAsync(_folder.Path, _cancellation);
    }

    [Fact]
    public async Task Range_OfAFile_ReadsAsFromAzure()
    {
        BlobClient blob = new BlobContainerClient(_server!.ContainerUri).GetBlobClient("shard-000.tar");

        BlobProperties facts = await blob.GetPropertiesAsync(cancellationToken: _cancellation);
        var options = new BlobDownloadOptions { Range = new HttpRange(1000, 2 << 20), Conditions = new BlobRequestConditions { IfMatch = facts.ETag } };
        byte[] read = (await blob.DownloadContentAsync(options, _cancellation)).Value.Content.ToArray();

        Assert.Equal(_content.Length, facts.ContentLength);
        Assert.Equal(_content[1000..(1000 + (2 << 20))], read);
    }

    [Fact]
    public async Task Range_OfAnotherVersion_IsRefused()
    {
        BlobClient blob = new BlobContainerClient(_server!.ContainerUri).GetBlobClient("shard-000.tar");
        var options = new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = new ETag("\"0x1\"") } };

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => blob.DownloadContentAsync(options, _cancellation));

        Assert.Equal(412, error.Status);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }
}
