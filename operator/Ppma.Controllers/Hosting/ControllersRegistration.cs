using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Requests;
using Prometheus;

namespace Ppma.Controllers.Hosting;

/// <summary>Adds controllers to a process.</summary>
public static class ControllersRegistration
{
    /// <summary>
    /// Adds the runtime, which the host starts and stops, and the <see cref="ApiTransport"/>. Registered elsewhere: a <see cref="k8s.Kubernetes"/> client, an
    /// <see cref="IElection"/> with its <see cref="ILeadership"/>, a <see cref="CollectorRegistry"/> and a <see cref="TimeProvider"/>. What shall end after the
    /// controllers, such as the recorder of events, is registered before.
    /// </summary>
    /// <exception cref="ArgumentException">The options are not sound; the message names every problem.</exception>
    public static ControllersBuilder AddControllers(this IServiceCollection services, ControllersOptions options)
    {
        if (options.Problems().ToList() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }

        services.AddSingleton(options);
        services.AddSingleton(provider => new ApiTransport(
            provider.GetRequiredService<k8s.Kubernetes>(), options.Requests, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<CollectorRegistry>()));
        services.AddSingleton(provider => new RuntimeHealth(provider.GetServices<IReflector>()));
        services.AddSingleton<IHostedService, ControllersHost>();
        return new ControllersBuilder(services, options);
    }
}
