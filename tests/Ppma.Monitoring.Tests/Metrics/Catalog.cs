using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ppma.Datasets.Metrics;
using Ppma.Operator.Hosting;
using Ppma.Worker.Data;
using Ppma.Worker.Gpu;
using Ppma.Worker.Progress;
using Prometheus;

namespace Ppma.Monitoring.Tests.Metrics;

/// <summary>Every metric there is, from the registries of the real programs.</summary>
internal static class Catalog
{
    public static IReadOnlyList<Metric> Operator { get; } = OfTheOperator();

    public static IReadOnlyList<Metric> Worker { get; } = OfAWorker();

    private static IReadOnlyList<Metric> OfTheOperator()
    {
        var nowhere = new Kubernetes(new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" });
        using var app = (IDisposable)OperatorHost.Build(new OperatorOptions { WorkerImage = "none" }, new ClusterAccess(nowhere, "default"));
        IServiceProvider services = ((IHost)app).Services;
        // All that runs is made, and nothing is started.
        _ = services.GetServices<IHostedService>().ToList();
        return Metric.In(services.GetRequiredService<CollectorRegistry>());
    }

    private static IReadOnlyList<Metric> OfAWorker()
    {
        CollectorRegistry registry = new WorkerMetrics().Registry;
        _ = new StreamMetrics(registry);
        _ = new RoomMetrics(registry, new DataPlaneOptions { CacheFolder = Path.GetTempPath() });
        _ = new GpuMetrics(registry);
        return Metric.In(registry);
    }
}
