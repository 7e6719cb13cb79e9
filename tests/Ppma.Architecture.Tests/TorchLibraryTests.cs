using TorchSharp;

namespace Ppma.Architecture.Tests;

/// <summary>The native library that the build mends (eng/TorchSharp.targets) loads and computes on this system.</summary>
public sealed class TorchLibraryTests
{
    [Fact]
    public void MatrixProduct_OfOnes_IsTheInnerSize()
    {
        using var left = torch.ones(2, 3);
        using var right = torch.ones(3, 2);
        using var product = left.mm(right);

        Assert.Equal([3f, 3f, 3f, 3f], product.data<float>().ToArray());
    }
}
