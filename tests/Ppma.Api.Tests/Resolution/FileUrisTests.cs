using Ppma.Api.Resolution;

namespace Ppma.Api.Tests.Resolution;

public sealed class FileUrisTests
{
    [Theory]
    [InlineData("file:context", "file:///data/context")]
    [InlineData("file:a/b/", "file:///data/a/b")]
    [InlineData("file:.", "file:///data")]
    [InlineData("file:a b#c%", "file:///data/a%20b%23c%25")]
    [InlineData("file:///other/place/", "file:///other/place")]
    [InlineData("https://account.blob.core.windows.net/c/p", "https://account.blob.core.windows.net/c/p")]
    public void Resolve_AnyUri_IsAbsolute(string uri, string expected) => Assert.Equal(expected, FileUris.Resolve(uri, "/data"));

    [Theory]
    [InlineData("/data/a b#c%d?e")]
    [InlineData("/data/ünicode")]
    public void ToPath_OfFromPath_GivesThePath(string path) => Assert.Equal(path, FileUris.ToPath(FileUris.FromPath(path)));

    [Fact]
    public void ToPath_OfAnotherScheme_SaysSo() =>
        Assert.Contains("only local files", Assert.Throws<InvalidDataException>(() => FileUris.ToPath("https://host/x")).Message, StringComparison.Ordinal);
}
