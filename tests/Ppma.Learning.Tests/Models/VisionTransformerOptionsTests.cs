using Ppma.Learning.Models;

namespace Ppma.Learning.Tests.Models;

public sealed class VisionTransformerOptionsTests
{
    [Fact]
    public void Validate_ViTB_PassesWith1568Tokens()
    {
        var options = new VisionTransformerOptions();
        options.Validate();
        Assert.Equal(1568, options.Tokens);
        Assert.Equal(1536, options.PatchValues);
    }

    [Fact]
    public void Validate_ManyProblems_NamesEveryOne()
    {
        var options = new VisionTransformerOptions { Frames = 15, Size = 100, Dim = 10, Heads = 3, Depth = 0, DropPath = 1 };
        var message = Assert.Throws<ArgumentException>(options.Validate).Message;
        Assert.Contains("Frames is 15", message, StringComparison.Ordinal);
        Assert.Contains("Size is 100", message, StringComparison.Ordinal);
        Assert.Contains("Dim is 10", message, StringComparison.Ordinal);
        Assert.Contains("Depth is 0", message, StringComparison.Ordinal);
        Assert.Contains("DropPath is 1", message, StringComparison.Ordinal);
    }
}
