using Prometheus;

namespace Ppma.Worker.Gpu;

/// <summary>Metrics of the GPU that this process computes on. What it does not tell is absent.</summary>
internal sealed class GpuMetrics
{
    public GpuMetrics(CollectorRegistry registry)
    {
        MetricFactory create = Metrics.WithCustomRegistry(registry);
        MemoryUsedBytes = Gauge("ppma_gpu_memory_used_bytes", "Memory of the GPU that is taken, by all its processes.");
        MemoryBytes = Gauge("ppma_gpu_memory_bytes", "Memory that the GPU has.");
        Utilisation = Gauge("ppma_gpu_utilisation_ratio", "Share of the driver's last sampling period in which a kernel ran on the GPU, 0 to 1.");
        PowerWatts = Gauge("ppma_gpu_power_watts", "What the GPU draws.");
        TemperatureCelsius = Gauge("ppma_gpu_temperature_celsius", "Temperature of the GPU's chip.");

        Gauge Gauge(string name, string help) => create.CreateGauge(name, help, new GaugeConfiguration { SuppressInitialValue = true });
    }

    public Gauge MemoryUsedBytes { get; }

    public Gauge MemoryBytes { get; }

    public Gauge Utilisation { get; }

    public Gauge PowerWatts { get; }

    public Gauge TemperatureCelsius { get; }
}
