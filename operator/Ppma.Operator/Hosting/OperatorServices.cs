using System.Security.Cryptography;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ppma.Api.Datasets;
using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;
using Ppma.Controllers.Events;
using Ppma.Controllers.Hosting;
using Ppma.Controllers.Leading;
using Ppma.Operator.Datasets;
using Ppma.Operator.Pods;
using Ppma.Operator.Progress;
using Ppma.Operator.Runs;
using Prometheus;

namespace Ppma.Operator.Hosting;

/// <summary>What the operator is made of.</summary>
internal static class OperatorServices
{
    public static IServiceCollection AddOperator(this IServiceCollection services, OperatorOptions options, ClusterAccess cluster)
    {
        services
            .AddSingleton(TimeProvider.System)
            .AddMetrics()
            .AddSingleton(cluster.Client)
            .AddLeadership()
            .AddEvents()
            .AddProgress(options)
            .AddSingleton<IObjectEvents, ObjectEvents>()
            .AddSingleton(options.Runs())
            .AddSingleton(options.Pods());
        services.AddControllers(options.Controllers(cluster.Namespace))
            .Watch<PretrainRun>(RunsRegistration.ByInputs)
            .Watch<EvalRun>(RunsRegistration.ByInputs)
            .Watch<VideoDataset>()
            .Watch<V1Job>(watch => watch.LabelSelector(Labels.Selector).Trim(Trimming.Job))
            .Watch<V1Pod>(watch => watch.LabelSelector(Labels.Selector).Trim(Trimming.Pod))
            .Write<V1ConfigMap>()
            .Write<Corev1Event>()
            .AddRuns()
            .AddDatasets()
            .WhileLeading(provider => provider.GetRequiredService<ProgressPuller>().RunAsync);
        return services;
    }

    private static IServiceCollection AddMetrics(this IServiceCollection services) => services
        .AddSingleton(_ => Registry())
        .AddSingleton<IMetricFactory>(provider => Metrics.WithCustomRegistry(provider.GetRequiredService<CollectorRegistry>()));

    private static CollectorRegistry Registry()
    {
        CollectorRegistry registry = Metrics.NewCustomRegistry();
        DotNetStats.Register(registry);
        Metrics.WithCustomRegistry(registry)
            .CreateGauge("ppma_operator_build_info", "Which operator this is. Always 1.", "version", "framework")
            .WithLabels(OperatorProcess.Version, Environment.Version.ToString()).Set(1);
        return registry;
    }

    private static IServiceCollection AddLeadership(this IServiceCollection services) => services
        .AddSingleton(provider => provider.GetRequiredService<ControllersOptions>().Lease)
        .AddSingleton<LeadershipMetrics>()
        .AddSingleton<ILeaseStore, LeaseStore>()
        .AddSingleton(provider => new LeaseElector(
            provider.GetRequiredService<ILeaseStore>(),
            provider.GetRequiredService<LeaseOptions>(),
            Identity(),
            provider.GetRequiredService<LeadershipMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            Jitter,
            provider.GetRequiredService<ILogger<LeaseElector>>()))
        .AddSingleton<ILeadership>(provider => provider.GetRequiredService<LeaseElector>())
        .AddSingleton<IElection>(provider => provider.GetRequiredService<LeaseElector>());

    /// <summary>Before the controllers, so that it ends after them.</summary>
    private static IServiceCollection AddEvents(this IServiceCollection services) => services
        .AddSingleton(new EventRecorderOptions { Controller = "ppma.cloud/operator", Instance = PodName() })
        .AddSingleton<EventRecorder>()
        .AddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>())
        .AddHostedService(provider => provider.GetRequiredService<EventRecorder>());

    private static IServiceCollection AddProgress(this IServiceCollection services, OperatorOptions options) => services
        .AddSingleton(Microsoft.Extensions.Options.Options.Create(new ProgressOptions { IntervalSeconds = options.ProgressIntervalSeconds }))
        .AddSingleton<ProgressMetrics>()
        .AddSingleton<ProgressClient>()
        .AddSingleton<ProgressBook>()
        .AddSingleton<IProgressSource>(provider => provider.GetRequiredService<ProgressBook>())
        .AddSingleton<RunWakeups>()
        .AddSingleton<IProgressListener>(provider => provider.GetRequiredService<RunWakeups>())
        .AddSingleton<ProgressPuller>();

    /// <summary>The pod's name, and what tells this process from the one before it in the same pod.</summary>
    private static string Identity() => $"{PodName()}_{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    private static string PodName() => Environment.GetEnvironmentVariable("POD_NAME") ?? Environment.MachineName;

    private static double Jitter() => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
}
