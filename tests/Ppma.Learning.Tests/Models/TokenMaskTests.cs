using Ppma.Learning.Models;

namespace Ppma.Learning.Tests.Models;

public sealed class TokenMaskTests
{
    [Fact]
    public void FromFlags_TwoClips_SplitsIndicesPerClip()
    {
        using var mask = TokenMask.FromFlags([true, false, true, false, true, true], clips: 2);
        Assert.Equal([1, 0], mask.Visible.data<long>().ToArray());
        Assert.Equal([0, 2, 1, 2], mask.Masked.data<long>().ToArray());
        Assert.Equal([2L, 2L], mask.Masked.shape);
    }

    [Theory]
    [InlineData(new[] { true, false, true, true }, 2, "Clip 1 masks 2")]
    [InlineData(new[] { true, true }, 1, "2 of 2")]
    [InlineData(new[] { false, false }, 1, "0 of 2")]
    [InlineData(new[] { true, false, true }, 2, "3 mask flags")]
    public void FromFlags_UnusableMask_SaysWhy(bool[] flags, int clips, string why)
    {
        var error = Assert.Throws<ArgumentException>(() => TokenMask.FromFlags(flags, clips));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
