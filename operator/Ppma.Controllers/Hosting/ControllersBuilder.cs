using System.Security.Cryptography;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Queueing;
using Ppma.Controllers.Reconciling;
using Ppma.Controllers.Requests;
using Prometheus;

namespace Ppma.Controllers.Hosting;

/// <summary>What a process of controllers watches, writes and reconciles.</summary>
public sealed class ControllersBuilder
{
    private readonly ControllersOptions _options;
    private readonly HashSet<Type> _watched = [];

    internal ControllersBuilder(IServiceCollection services, ControllersOptions options) => (Services, _options) = (services, options);

    public IServiceCollection Services { get; }

    /// <summary>Keeps objects of a kind in memory, and gives <see cref="IResources{T}"/> and <see cref="IResourceCache{T}"/> of them.</summary>
    public ControllersBuilder Watch<T>(Action<WatchBuilder<T>>? configure = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (!_watched.Add(typeof(T)))
        {
            throw new InvalidOperationException($"{typeof(T).Name} is watched twice; one watch serves everybody");
        }

        var watch = new WatchBuilder<T>();
        configure?.Invoke(watch);
        var selection = new ResourceSelection { Namespace = _options.Namespace, LabelSelector = watch.Labels, FieldSelector = watch.Fields };
        Services.AddSingleton(provider => new ResourceCache<T>(watch.Trimming, watch.Indexes, provider.GetRequiredService<ILogger<ResourceCache<T>>>()));
        Services.AddSingleton<IResourceCache<T>>(provider => provider.GetRequiredService<ResourceCache<T>>());
        Services.AddSingleton<IResources<T>>(provider => new Resources<T>(
            Client<T>(provider), provider.GetRequiredService<ResourceCache<T>>(), provider.GetRequiredService<ResourceCache<T>>()));
        Services.AddSingleton<IReflector>(provider => new Reflector<T>(
            ResourceType.Of(typeof(T)).Kind,
            Client<T>(provider).Select(selection),
            provider.GetRequiredService<ResourceCache<T>>(),
            _options.Reflector,
            new ReflectorMetrics(provider.GetRequiredService<CollectorRegistry>(), ResourceType.Of(typeof(T)).Kind),
            provider.GetRequiredService<TimeProvider>(),
            Draw,
            provider.GetRequiredService<ILogger<Reflector<T>>>()));
        return this;
    }

    /// <summary>Gives <see cref="IResources{T}"/> of a kind that is not kept in memory: to write, and to read from the server.</summary>
    public ControllersBuilder Write<T>()
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        Services.AddSingleton<IResources<T>>(provider => new Resources<T>(Client<T>(provider), new Uncached<T>(), new Uncached<T>()));
        return this;
    }

    /// <summary>Has <typeparamref name="TReconciler"/> look at objects of a kind whenever they change, and at what else it names here. What is named must be watched.</summary>
    public ControllersBuilder Reconcile<T, TReconciler>(Action<TriggersBuilder<T>>? configure = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
        where TReconciler : class, IReconciler<T>
    {
        var triggers = new TriggersBuilder<T>(DemandWatched);
        configure?.Invoke(triggers);
        var name = ResourceType.Of(typeof(T)).Kind.ToLowerInvariant();
        Services.AddSingleton<TReconciler>();
        Services.AddSingleton<IController>(provider => new Controller<T>(
            name,
            provider.GetRequiredService<ResourceCache<T>>(),
            provider.GetRequiredService<TReconciler>(),
            [.. triggers.Triggers.Select(trigger => trigger(provider))],
            _options.Reconcile,
            new ReconcileMetrics(provider.GetRequiredService<CollectorRegistry>(), name, _options.Reconcile.Workers),
            new WorkQueueMetrics(provider.GetRequiredService<CollectorRegistry>(), name),
            provider.GetRequiredService<TimeProvider>(),
            Draw,
            provider.GetRequiredService<ILogger<Controller<T>>>()));
        return this;
    }

    /// <summary>Runs something beside the controllers for as long as this process leads. Its failure ends the process.</summary>
    /// <param name="run">Goes on until its token is cancelled.</param>
    public ControllersBuilder WhileLeading(Func<IServiceProvider, Func<CancellationToken, Task>> run)
    {
        Services.AddSingleton<IController>(provider => new Companion(run(provider)));
        return this;
    }

    private static ResourceClient<T> Client<T>(IServiceProvider provider)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        new(provider.GetRequiredService<ApiTransport>(), provider.GetRequiredService<ILeadership>(), provider.GetRequiredService<ILogger<ApiTransport>>());

    private static double Draw() => RandomNumberGenerator.GetInt32(1 << 30) / (double)(1 << 30);

    private void DemandWatched(Type type)
    {
        if (!_watched.Contains(type))
        {
            throw new InvalidOperationException($"{type.Name} is not watched, so its changes are not seen: write Watch<{type.Name}>() before");
        }
    }
}
