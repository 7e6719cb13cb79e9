using System.Runtime.Versioning;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Tests.Stores;

public class LocalStoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_Range_FillsTheBuffer(bool byUri)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["a b"], [0, 1, 2, 3, 4]);
        IBlobStore store = BlobStore.Open(byUri ? new Uri(folder.Path).AbsoluteUri : folder.Path);
        byte[] buffer = new byte[3];

        await store.ReadAsync("a b", 1, buffer, Cancellation);

        Assert.Equal([1, 2, 3], buffer);
        Assert.Equal(new BlobFacts("a b", 5, ETag: null), await store.GetFactsAsync("a b", Cancellation));
        Assert.Equal(folder["a b"], store.Locate("a b"));
    }

    [Fact]
    public async Task Read_BeyondTheEnd_IsAShortRead()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["a"], [0, 1, 2]);

        var failed = await Assert.ThrowsAsync<StoreException>(async () =>
            await BlobStore.Open(folder.Path).ReadAsync("a", 1, new byte[5], Cancellation));

        Assert.Equal(StoreFailure.ShortRead, failed.Failure);
        Assert.Equal($"{folder["a"]}: bytes 1 to 6 were asked for, but the file ends at 3. Copy the file again from its source.", failed.Message);
    }

    [Fact]
    public async Task GetLength_MissingFileOrFolder_IsNotFound()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["sub"]);
        IBlobStore store = BlobStore.Open(folder.Path);

        foreach (string name in new[] { "a", "none/a", "sub" })
        {
            var failed = await Assert.ThrowsAsync<StoreException>(async () => await store.GetFactsAsync(name, Cancellation));
            Assert.Equal(StoreFailure.NotFound, failed.Failure);
            Assert.StartsWith(folder[name] + ": ", failed.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task GetLength_NoPermission_IsPermissionDenied()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may read every file");
        using var folder = new TempFolder();
        File.WriteAllText(folder["a"], "");
        File.SetUnixFileMode(folder["a"], UnixFileMode.None);

        var failed = await Assert.ThrowsAsync<StoreException>(async () => await BlobStore.Open(folder.Path).GetFactsAsync("a", Cancellation));

        Assert.Equal(StoreFailure.PermissionDenied, failed.Failure);
    }

    [Theory]
    [InlineData("s3://bucket/clips", "this kind of URI is not served")]
    [InlineData("file://host/share", "this kind of URI is not served")]
    public void Open_OtherScheme_NamesTheUri(string uri, string problem)
    {
        var failed = Assert.Throws<StoreException>(() => BlobStore.Open(uri));
        Assert.Equal(StoreFailure.UnsupportedUri, failed.Failure);
        Assert.StartsWith($"{uri}: {problem}", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("")]
    public async Task Read_NameOutsideTheFolder_IsRefused(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await BlobStore.Open(Path.GetTempPath()).ReadAsync(name, 0, new byte[1], Cancellation));
}
