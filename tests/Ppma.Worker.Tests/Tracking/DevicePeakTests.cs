using Ppma.Api.Tasks;
using Ppma.Worker.Tracking;

namespace Ppma.Worker.Tests.Tracking;

public sealed class DevicePeakTests
{
    [Theory]
    [InlineData("NVIDIA H100 80GB HBM3", Precision.BFloat16, 989.4)]
    [InlineData("NVIDIA H100 PCIe", Precision.Float16, 756)]
    [InlineData("NVIDIA A100-SXM4-80GB", Precision.BFloat16, 312)]
    [InlineData("NVIDIA A100 80GB PCIe", Precision.Float32, 19.5)]
    [InlineData("NVIDIA L4", Precision.BFloat16, 121)]
    [InlineData("NVIDIA L40S", Precision.BFloat16, 362)]
    public void Of_KnownDevice_IsItsDensePeak(string device, Precision precision, double teraflops) =>
        Assert.Equal(teraflops, DevicePeak.Of(null, device, precision)!.FlopsPerSecond / 1e12, 6);

    [Theory]
    [InlineData(null)]
    [InlineData("NVIDIA L400")]
    [InlineData("Somebody's Accelerator")]
    public void Of_UnknownDevice_IsNotKnown(string? device) => Assert.Null(DevicePeak.Of(null, device, Precision.BFloat16));

    [Fact]
    public void Of_NumberFromTheEnvironment_GoesBeforeTheTable() =>
        Assert.Equal("1.5 TFLOP/s (PPMA_PEAK_TFLOPS)", DevicePeak.Of(1.5, "NVIDIA L4", Precision.BFloat16)!.ToString());
}
