using System.Net;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Ppma.Controllers.Hosting;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Requests;
using Ppma.Testing;
using Ppma.Testing.Kubernetes;
using Ppma.Testing.Kubernetes.Faults;
using Prometheus;

namespace Ppma.Cluster.Tests.Hosting;

/// <summary>The whole runtime (caches, queue, workers, lease, host) against a real server behind a bad connection.</summary>
public sealed class ControllersOnAServerTests(KubernetesFixture fixture)
{
    private const int Objects = 25;
    private const string LeaseName = "runtime";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Controllers_ThroughFaultsOfEveryRequest_MakeEveryChildOnceAndLeaveInOrder()
    {
        var server = await fixture.GetServerAsync();
        var space = await server.CreateNamespaceAsync("runtime", Token);
        await using var proxy = await ApiProxy.StartAsync(server, Token);
        proxy.Add(ApiFault.Refuse(HttpStatusCode.InternalServerError), call => call.Kind == "create secrets", skip: 2, times: 3);
        proxy.Add(ApiFault.DropBefore, call => call.Kind == "create secrets", skip: 4, times: 2);
        proxy.Add(ApiFault.DropAfter, call => call.Kind == "create secrets", skip: 6, times: 3);
        proxy.Add(ApiFault.Refuse(HttpStatusCode.TooManyRequests, retryAfterSeconds: 1), call => call.Verb == "list", times: 2);
        proxy.Add(ApiFault.CutWatch(afterEvents: 3), call => call.Kind == "watch configmaps", times: 2);
        proxy.Add(ApiFault.ExpireWatch(afterEvents: 2), call => call.Kind == "watch secrets", times: 2);
        await CreateMapsAsync(server, space, from: 0, count: Objects);
        using var host = Start(server, proxy, space);

        await EachHasItsSecretAsync(server, space, Objects);
        await CreateMapsAsync(server, space, from: Objects, count: Objects);
        await server.Client.CoreV1.DeleteNamespacedSecretAsync("map-3", space, cancellationToken: Token);
        await EachHasItsSecretAsync(server, space, 2 * Objects);
        await host.StopAsync(Token);

        var lease = await server.Client.CoordinationV1.ReadNamespacedLeaseAsync(LeaseName, space, cancellationToken: Token);
        Assert.True(string.IsNullOrEmpty(lease.Spec.HolderIdentity), $"the lease still names {lease.Spec.HolderIdentity}");
        var created = (await server.Audit.ReadAsync(space, Token)).Where(entry => entry is { Verb: "create", Resource: "secrets", Succeeded: true, Name: ['m', 'a', 'p', ..] }).ToList();
        Assert.Equal(2 * Objects, created.Select(entry => entry.Name).Distinct().Count());
        Assert.Equal((2 * Objects) + 1, created.Count); // One was deleted, and made again.
    }

    private static IHost Start(KubernetesServer server, ApiProxy proxy, string space)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(Metrics.NewCustomRegistry())
            .AddSingleton(new k8s.Kubernetes(server.ConfigurationFor(KubernetesServer.AdminToken, proxy.Address)))
            .AddSingleton(provider => new LeaseElector(
                new LeaseStore(provider.GetRequiredService<ApiTransport>(), provider.GetRequiredService<ControllersOptions>().Lease, NullLogger<ApiTransport>.Instance),
                provider.GetRequiredService<ControllersOptions>().Lease,
                "the-only-one",
                new LeadershipMetrics(Metrics.WithCustomRegistry(provider.GetRequiredService<CollectorRegistry>())),
                TimeProvider.System,
                () => 0.5,
                NullLogger<LeaseElector>.Instance))
            .AddSingleton<ILeadership>(provider => provider.GetRequiredService<LeaseElector>())
            .AddSingleton<IElection>(provider => provider.GetRequiredService<LeaseElector>());
        builder.Services
            .AddControllers(new ControllersOptions { Namespace = space, Lease = new LeaseOptions { Namespace = space, Name = LeaseName } })
            .Watch<V1ConfigMap>(watch => watch.LabelSelector(OneSecretEach.Label))
            .Watch<V1Secret>(watch => watch.LabelSelector(OneSecretEach.Label))
            .Reconcile<V1ConfigMap, OneSecretEach>(triggers => triggers.Owns<V1Secret>());
        var host = builder.Build();
        host.Start();
        return host;
    }

    private static async Task CreateMapsAsync(KubernetesServer server, string space, int from, int count)
    {
        for (int i = from; i < from + count; i++)
        {
            var map = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = $"map-{i}", Labels = new Dictionary<string, string> { ["test"] = "runtime" } } };
            await server.Client.CoreV1.CreateNamespacedConfigMapAsync(map, space, cancellationToken: Token);
        }
    }

    private static async Task EachHasItsSecretAsync(KubernetesServer server, string space, int count)
    {
        int found = 0;
        await Eventually.Holds(
            async () =>
            {
                var secrets = await server.Client.CoreV1.ListNamespacedSecretAsync(space, labelSelector: OneSecretEach.Label, cancellationToken: Token);
                return (found = secrets.Items.Count) == count;
            },
            () => $"there are {found} secrets for {count} maps",
            Token);
    }
}
