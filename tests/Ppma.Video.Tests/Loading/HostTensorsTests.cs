using System.Runtime.InteropServices;
using Ppma.Video.Loading;
using static TorchSharp.torch;

namespace Ppma.Video.Tests.Loading;

public sealed class HostTensorsTests
{
    /// <summary>Without a GPU the script is at least compiled and called.</summary>
    [Fact]
    public void Pinned_OnAnyMachine_LacksNothingButAGpu()
    {
        if (HostTensors.ArePinned)
        {
            using Tensor pinned = HostTensors.Pinned([2, 3, 4], ScalarType.Byte);
            Assert.Equal([2, 3, 4], pinned.shape);
            Assert.True(pinned.is_contiguous());
            return;
        }

        var failure = Assert.Throws<ExternalException>(() => HostTensors.Pinned([2, 3, 4], ScalarType.Byte));

        Assert.Contains("accelerator", failure.Message, StringComparison.Ordinal);
    }
}
