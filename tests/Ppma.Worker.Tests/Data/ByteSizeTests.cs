using Ppma.Worker.Data;

namespace Ppma.Worker.Tests.Data;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("1048576", 1048576)]
    [InlineData("1 B", 1)]
    [InlineData("500MB", 500_000_000)]
    [InlineData("20GiB", 20L << 30)]
    [InlineData("20Gi", 20L << 30)]
    [InlineData("1.5 gib", 3L << 29)]
    [InlineData("2TB", 2_000_000_000_000)]
    public void TryParse_ASize_GivesItsBytes(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out long parsed));
        Assert.Equal(bytes, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.1")]
    [InlineData("GiB")]
    [InlineData("1 ZB")]
    [InlineData("1,5GB")]
    [InlineData("1.2.3MB")]
    [InlineData("1e9")]
    [InlineData("9000000TB")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(ByteSize.TryParse(text, out _));
}
