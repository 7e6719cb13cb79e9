using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Reconciling;

namespace Ppma.Controllers.Hosting;

/// <summary>Whose changes make an object of kind <typeparamref name="T"/> worth a look, besides its own.</summary>
public sealed class TriggersBuilder<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Action<Type> _demandWatched;

    internal TriggersBuilder(Action<Type> demandWatched)
    {
        _demandWatched = demandWatched;
        From<T>(resource => [ObjectKey.Of(resource)]);
    }

    internal List<Func<IServiceProvider, ITrigger>> Triggers { get; } = [];

    /// <summary>Changes of objects that name it as their controller.</summary>
    public TriggersBuilder<T> Owns<TChild>()
        where TChild : class, IKubernetesObject<V1ObjectMeta> =>
        From<TChild>(child => Owners.ControllerOf<T>(child.Metadata));

    /// <summary>Changes of other objects.</summary>
    /// <param name="lookedAtBy">Who looks at this one; asked with the object as it was and as it is. Must be quick and may be called on several threads at once.</param>
    public TriggersBuilder<T> From<TOther>(Func<TOther, IEnumerable<ObjectKey>> lookedAtBy)
        where TOther : class, IKubernetesObject<V1ObjectMeta> =>
        From<TOther>(_ => lookedAtBy);

    /// <summary>What no object tells, such as an answer from elsewhere.</summary>
    /// <param name="subscribe">Calls what it is given with the objects to look at, on any thread, until what it returns is disposed.</param>
    public TriggersBuilder<T> On(Func<IServiceProvider, Func<Action<ObjectKey>, IDisposable>> subscribe)
    {
        Triggers.Add(services => new OutsideTrigger(subscribe(services)));
        return this;
    }

    /// <summary>Changes of other objects, where it takes services (a cache) to tell who looks at them.</summary>
    public TriggersBuilder<T> From<TOther>(Func<IServiceProvider, Func<TOther, IEnumerable<ObjectKey>>> lookedAtBy)
        where TOther : class, IKubernetesObject<V1ObjectMeta>
    {
        _demandWatched(typeof(TOther));
        Triggers.Add(services => new Trigger<TOther>(
            services.GetRequiredService<ResourceCache<TOther>>(), lookedAtBy(services), services.GetRequiredService<ILogger<Trigger<TOther>>>()));
        return this;
    }
}
