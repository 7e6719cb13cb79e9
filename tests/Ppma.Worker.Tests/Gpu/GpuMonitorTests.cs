using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Ppma.Worker.Gpu;
using Ppma.Worker.Progress;

namespace Ppma.Worker.Tests.Gpu;

public sealed class GpuMonitorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WorkerMetrics _metrics = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    [InlineData("0,1")]
    public async Task Scrape_FirstDevice_GivesAllItTells(string? visible)
    {
        using GpuMonitor gpu = Monitor(await NvmlStandIn.CompileAsync(_folder), visible);

        string text = await ScrapeAsync();

        Assert.Equal("NVIDIA H100 80GB HBM3", gpu.DeviceName);
        Assert.Contains("\nppma_gpu_memory_bytes 85899345920\n", text, StringComparison.Ordinal);
        Assert.Contains("\nppma_gpu_memory_used_bytes 5000000000\n", text, StringComparison.Ordinal);
        Assert.Contains("\nppma_gpu_utilisation_ratio 0.73\n", text, StringComparison.Ordinal);
        Assert.Contains("\nppma_gpu_power_watts 412.5\n", text, StringComparison.Ordinal);
        Assert.Contains("\nppma_gpu_temperature_celsius 61\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,0")]
    [InlineData("GPU-1")]
    public async Task Scrape_PartOfAGpu_LeavesOutWhatItDoesNotTell(string visible)
    {
        using GpuMonitor gpu = Monitor(await NvmlStandIn.CompileAsync(_folder), visible);

        string text = await ScrapeAsync();

        Assert.Contains("\nppma_gpu_temperature_celsius 60\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nppma_gpu_utilisation_ratio ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nppma_gpu_power_watts ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("7")]
    [InlineData("GPU-of-another-machine")]
    public async Task Scrape_NoVisibleDevice_HasNoMetricsOfAGpu(string visible)
    {
        using GpuMonitor gpu = Monitor(await NvmlStandIn.CompileAsync(_folder), visible);

        Assert.Null(gpu.DeviceName);
        Assert.DoesNotContain("ppma_gpu", await ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_WithoutTheLibrary_HasNoMetricsOfAGpu()
    {
        using GpuMonitor gpu = Monitor(_folder.File("missing.so"), visible: null);

        Assert.Null(gpu.DeviceName);
        Assert.DoesNotContain("ppma_gpu", await ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void TryLoad_LibraryWithoutItsFunctions_NamesTheFirstThatIsMissing()
    {
        Assert.False(NvmlLibrary.TryLoad("libm.so.6", out _, out string? problem));
        Assert.Contains("nvmlShutdown", problem, StringComparison.Ordinal);
    }

    private GpuMonitor Monitor(string library, string? visible) => new(_metrics, visible, NullLogger<GpuMonitor>.Instance, library);

    private async Task<string> ScrapeAsync()
    {
        using var text = new MemoryStream();
        await _metrics.Registry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
