using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Requests;
using Prometheus;

namespace Ppma.Operator.Hosting;

/// <summary>What the operator is made of.</summary>
internal static class OperatorServices
{
    public static IServiceCollection AddOperator(this IServiceCollection services, OperatorOptions options, ClusterAccess cluster)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(options)
            .AddMetrics()
            .AddRequests(options, cluster)
            .AddLeadership(options.Lease(cluster.Namespace));
    }

    private static IServiceCollection AddMetrics(this IServiceCollection services) => services
        .AddSingleton(_ => Metrics.NewCustomRegistry())
        .AddSingleton<IMetricFactory>(provider => Metrics.WithCustomRegistry(provider.GetRequiredService<CollectorRegistry>()));

    private static IServiceCollection AddRequests(this IServiceCollection services, OperatorOptions options, ClusterAccess cluster) => services
        .AddSingleton(provider => new ApiTransport(
            cluster.Client, options.Requests(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<CollectorRegistry>()));

    private static IServiceCollection AddLeadership(this IServiceCollection services, LeaseOptions lease) => services
        .AddSingleton(lease)
        .AddSingleton<LeadershipMetrics>()
        .AddSingleton<ILeaseStore, LeaseStore>()
        .AddSingleton(provider => new LeaseElector(
            provider.GetRequiredService<ILeaseStore>(),
            lease,
            Identity(),
            provider.GetRequiredService<LeadershipMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            Jitter,
            provider.GetRequiredService<ILogger<LeaseElector>>()))
        .AddSingleton<ILeadership>(provider => provider.GetRequiredService<LeaseElector>())
        .AddSingleton<IElection>(provider => provider.GetRequiredService<LeaseElector>());

    /// <summary>The pod's name, and what tells this process from the one before it in the same pod.</summary>
    private static string Identity() => $"{Environment.GetEnvironmentVariable("POD_NAME") ?? Environment.MachineName}_{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    private static double Jitter() => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
}
