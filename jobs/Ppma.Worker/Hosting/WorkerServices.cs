using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Ppma.Datasets.Metrics;
using Ppma.Worker.Data;
using Ppma.Worker.Gpu;
using Ppma.Worker.Execution;
using Ppma.Worker.Progress;
using Ppma.Worker.Records;

namespace Ppma.Worker.Hosting;

/// <summary>What a worker is made of.</summary>
internal static class WorkerServices
{
    public static IServiceCollection AddWorker(this IServiceCollection services, WorkerOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(options)
            .AddProgress()
            .AddDataPlane(options.Data)
            .AddRecords()
            .AddSingleton<TaskExecution>();
    }

    private static IServiceCollection AddProgress(this IServiceCollection services) => services
        .AddSingleton<WorkerMetrics>()
        .AddSingleton<ProgressReporter>()
        .AddSingleton(provider => new GpuMonitor(
            provider.GetRequiredService<WorkerMetrics>(),
            provider.GetRequiredService<WorkerOptions>().VisibleDevices,
            provider.GetRequiredService<ILogger<GpuMonitor>>()));

    private static IServiceCollection AddDataPlane(this IServiceCollection services, DataPlaneOptions options) => services
        .AddSingleton(options)
        .AddSingleton(provider => new StreamMetrics(provider.GetRequiredService<WorkerMetrics>().Registry))
        .AddSingleton(provider => new RoomMetrics(provider.GetRequiredService<WorkerMetrics>().Registry, options))
        .AddSingleton<DataPlane>();

    private static IServiceCollection AddRecords(this IServiceCollection services) => services
        .AddSingleton<IVersionSource, MachineVersions>()
        .AddSingleton<IVersionSource, TorchVersions>()
        .AddSingleton<IVersionSource, VideoVersions>()
        .AddSingleton<RecordWriter>();
}
