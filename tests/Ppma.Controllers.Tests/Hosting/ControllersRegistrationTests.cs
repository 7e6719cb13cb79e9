using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Hosting;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Reconciling;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Tests.Hosting;

public sealed class ControllersRegistrationTests
{
    [Fact]
    public async Task Controllers_RegisteredLikeATableOfContents_AreAllThere()
    {
        var services = Services();
        Controllers(services)
            .Watch<V1ConfigMap>()
            .Watch<V1Job>(watch => watch.LabelSelector("part=worker").Trim(job => job.Spec = null).Index("name", job => [job.Metadata.Name]))
            .Write<V1Pod>()
            .Reconcile<V1ConfigMap, Idle>(triggers => triggers.Owns<V1Job>());

        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });

        Assert.Equal(2, provider.GetServices<IReflector>().Count());
        Assert.Single(provider.GetServices<IController>());
        Assert.IsType<ControllersHost>(Assert.Single(provider.GetServices<IHostedService>()));
        Assert.Equal(2, provider.GetRequiredService<RuntimeHealth>().Problems.Count);
        Assert.Empty(provider.GetRequiredService<IResources<V1Job>>().Indexed("name", "a"));
    }

    [Fact]
    public async Task Resources_OfAKind_AreReadFromWhatItsReflectorKeeps()
    {
        var services = Services();
        Controllers(services).Watch<V1ConfigMap>();
        await using var provider = services.BuildServiceProvider();
        var map = new V1ConfigMap { Metadata = new V1ObjectMeta { NamespaceProperty = "lab", Name = "a", Uid = "a", ResourceVersion = "3" } };

        provider.GetRequiredService<ResourceCache<V1ConfigMap>>().Replace([map], new ResourceVersion(3));

        Assert.Same(map, provider.GetRequiredService<IResources<V1ConfigMap>>().Find(new ObjectKey("lab", "a")));
        Assert.Same(map, Assert.Single(provider.GetRequiredService<IResourceCache<V1ConfigMap>>().All));
    }

    [Fact]
    public async Task Resources_OfAKindThatIsOnlyWritten_SayThatNothingIsKept()
    {
        var services = Services();
        Controllers(services).Write<V1ConfigMap>();
        await using var provider = services.BuildServiceProvider();

        var refused = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<IResources<V1ConfigMap>>().All);

        Assert.Contains("V1ConfigMap is not watched", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reconcile_OfWhatIsNotWatched_SaysWhatToWrite()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => Controllers(Services()).Watch<V1ConfigMap>().Reconcile<V1ConfigMap, Idle>(triggers => triggers.Owns<V1Job>()));

        Assert.Contains("write Watch<V1Job>() before", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Watch_OfOneKindTwice_IsRefused() =>
        Assert.Throws<InvalidOperationException>(() => Controllers(Services()).Watch<V1ConfigMap>().Watch<V1ConfigMap>());

    private static ControllersBuilder Controllers(IServiceCollection services) =>
        services.AddControllers(new ControllersOptions { Lease = new LeaseOptions { Namespace = "lab", Name = "controllers" } });

    private static IServiceCollection Services() => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddSingleton(Prometheus.Metrics.NewCustomRegistry())
        .AddSingleton(new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" }))
        .AddSingleton<Leader>()
        .AddSingleton<ILeadership>(provider => provider.GetRequiredService<Leader>())
        .AddSingleton<IElection>(provider => provider.GetRequiredService<Leader>());

    private sealed class Idle : IReconciler<V1ConfigMap>
    {
        public Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken) => Task.FromResult(ReconcileResult.Done);
    }

    private sealed class Leader : IElection, ILeadership
    {
        public bool IsLeading => true;

        public void Demand()
        {
            // It leads.
        }

        public Task RunAsync(Func<CancellationToken, Task> whileLeading, CancellationToken stopping) => whileLeading(CancellationToken.None);
    }
}
