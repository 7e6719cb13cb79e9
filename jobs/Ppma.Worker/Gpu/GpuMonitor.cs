using Microsoft.Extensions.Logging;
using Ppma.Worker.Progress;
using Prometheus;

namespace Ppma.Worker.Gpu;

/// <summary>Metrics of the GPU that this process computes on, read when they are scraped. Where NVML finds none, there are no such metrics.</summary>
internal sealed partial class GpuMonitor : IDisposable
{
    private readonly NvmlLibrary? _nvml;
    private readonly nint _device;

    /// <param name="metrics">Whose registry they go into.</param>
    /// <param name="visibleDevices"><c>CUDA_VISIBLE_DEVICES</c>, or null.</param>
    /// <param name="logger">Told what is found.</param>
    /// <param name="library">Path of NVML.</param>
    public GpuMonitor(WorkerMetrics metrics, string? visibleDevices, ILogger<GpuMonitor> logger, string library = NvmlLibrary.FileName)
    {
        if (!NvmlLibrary.TryLoad(library, out NvmlLibrary? nvml, out string? problem))
        {
            if (problem is not null)
            {
                LogUnusable(logger, problem);
            }

            return;
        }

        _nvml = nvml;
        if (nvml.FirstDevice(visibleDevices) is not { } device)
        {
            return;
        }

        _device = device;
        DeviceName = nvml.NameOf(device);
        LogFound(logger, DeviceName);
        Register(metrics.Registry);
    }

    /// <summary>Such as <c>NVIDIA H100 80GB HBM3</c>; null where there is no GPU.</summary>
    public string? DeviceName { get; }

    public void Dispose() => _nvml?.Dispose();

    private void Register(CollectorRegistry registry)
    {
        var gpu = new GpuMetrics(registry);
        registry.AddBeforeCollectCallback(() =>
        {
            GpuMemory? memory = _nvml!.MemoryOf(_device);
            Set(gpu.MemoryUsedBytes, memory?.UsedBytes);
            Set(gpu.MemoryBytes, memory?.TotalBytes);
            Set(gpu.Utilisation, _nvml.UtilisationOf(_device));
            Set(gpu.PowerWatts, _nvml.WattsOf(_device));
            Set(gpu.TemperatureCelsius, _nvml.CelsiusOf(_device));
        });
    }

    private static void Set(Gauge gauge, double? value)
    {
        if (value is { } known)
        {
            gauge.Set(known);
        }
        else
        {
            gauge.Unpublish();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The GPU is a {Name}.")]
    private static partial void LogFound(ILogger logger, string? name);

    [LoggerMessage(2, LogLevel.Warning, "There are no metrics of the GPU: {Problem}")]
    private static partial void LogUnusable(ILogger logger, string problem);
}
