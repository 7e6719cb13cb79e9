using System.Diagnostics;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Ppma.Cluster.Tests.Lives;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Requests;
using Ppma.Testing;
using Ppma.Testing.Kubernetes;
using Prometheus;

namespace Ppma.Cluster.Tests.Leading;

public sealed class LeaderElectionTests(KubernetesFixture fixture)
{
    private const string Lease = "the-lease";

    [Fact]
    public async Task Leader_AskedToStop_HandsOverWithinTwoSeconds()
    {
        KubernetesServer server = await fixture.GetServerAsync();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        string space = await server.CreateNamespaceAsync("hand-over", cancellationToken);
        using var first = new Contender(server, space, "first", KubernetesServer.AdminToken);
        await Eventually.Holds(() => Task.FromResult(first.Elector.IsLeading), cancellationToken);
        using var second = new Contender(server, space, "second", KubernetesServer.AdminToken);
        await Eventually.Holds(() => HasReadAsync(server, space, "second"), cancellationToken);

        long asked = Stopwatch.GetTimestamp();
        await first.StopAsync();
        await Eventually.Holds(() => Task.FromResult(second.Elector.IsLeading), cancellationToken);
        TimeSpan took = Stopwatch.GetElapsedTime(asked);

        TestContext.Current.TestOutputHelper?.WriteLine($"hand-over took {took.TotalMilliseconds:0} ms");
        V1Lease lease = await server.Client.CoordinationV1.ReadNamespacedLeaseAsync(Lease, space, cancellationToken: cancellationToken);
        Assert.Equal(("second", 15, 1), (lease.Spec.HolderIdentity, lease.Spec.LeaseDurationSeconds, lease.Spec.LeaseTransitions));
        Assert.True(took < TimeSpan.FromSeconds(2), $"it took {took}");
        await second.StopAsync();
    }

    [Fact]
    public async Task Contenders_WithTheRoleOfTheChart_AreRefusedNothing()
    {
        KubernetesServer server = await fixture.GetServerAsync();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        string space = await server.CreateNamespaceAsync("lease-rbac", cancellationToken);
        string token = await server.CreateServiceAccountTokenAsync(space, "contender", cancellationToken);
        V1Role role = KubernetesYaml.LoadAllFromString(await File.ReadAllTextAsync(Path.Combine("Kustomize", "base", "account.yaml"), cancellationToken))
            .OfType<V1Role>().Single(role => role.Name() == "ppma-operator-leader");
        role.Metadata.NamespaceProperty = space;
        role.Rules.Single(rule => rule.ResourceNames is not null).ResourceNames = [Lease];
        await server.Client.RbacAuthorizationV1.CreateNamespacedRoleAsync(role, space, cancellationToken: cancellationToken);
        await server.Client.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(
            new V1RoleBinding
            {
                Metadata = new V1ObjectMeta { Name = "contender" },
                RoleRef = new V1RoleRef { ApiGroup = V1Role.KubeGroup, Kind = V1Role.KubeKind, Name = role.Name() },
                Subjects = [new Rbacv1Subject { Kind = "ServiceAccount", Name = "contender", NamespaceProperty = space }],
            },
            space,
            cancellationToken: cancellationToken);

        using var first = new Contender(server, space, "first", token);
        await Eventually.Holds(() => Task.FromResult(first.Elector.IsLeading), cancellationToken);
        using var second = new Contender(server, space, "second", token);
        await Eventually.Holds(() => HasReadAsync(server, space, "second"), cancellationToken);
        await first.StopAsync();
        await Eventually.Holds(() => Task.FromResult(second.Elector.IsLeading), cancellationToken);
        await second.StopAsync();

        // A watch is written down when it ends, which the server may notice a little later.
        await Eventually.Holds(async () => (await AskedAsync()).Select(entry => entry.Verb).ToHashSet().IsSupersetOf(["create", "get", "update", "watch"]), cancellationToken);
        Assert.DoesNotContain(await AskedAsync(), entry => entry.Code == 403);

        async Task<IEnumerable<AuditEntry>> AskedAsync() =>
            (await server.Audit.ReadAsync(space, cancellationToken)).Where(entry => entry.User.EndsWith(":contender", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Leader_Killed_IsReplacedWhenItsLeaseIsOver()
    {
        KubernetesServer server = await fixture.GetServerAsync();
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        string space = await server.CreateNamespaceAsync("killed", cancellationToken);
        string kubeconfig = server.WriteKubeconfig(KubernetesServer.AdminToken);
        string[] settings = ["--lease-name", Lease, "--lease-duration-seconds", "4", "--renew-deadline-seconds", "3", "--retry-period-seconds", "1"];
        await using var first = new OperatorUnderTest(space, kubeconfig, settings);
        first.Start();
        string leader = await Eventually.Gives(() => HolderAsync(server, space), () => first.Describe(), cancellationToken);
        await using var second = new OperatorUnderTest(space, kubeconfig, settings);
        second.Start();
        await Eventually.Holds(() => Task.FromResult(second.Describe().Contains("Waiting for Lease", StringComparison.Ordinal)), () => second.Describe(), cancellationToken);

        long killed = Stopwatch.GetTimestamp();
        await first.KillAsync();
        await Eventually.Holds(async () => await HolderAsync(server, space) is { } holder && holder != leader, () => second.Describe(), cancellationToken);

        TestContext.Current.TestOutputHelper?.WriteLine($"with a lease of 4 s, the next led {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s after the kill");
    }

    private static async Task<string?> HolderAsync(KubernetesServer server, string space) =>
        (await server.Client.CoordinationV1.ListNamespacedLeaseAsync(space)).Items.SingleOrDefault(lease => lease.Name() == Lease)?.Spec.HolderIdentity;

    /// <summary>Has seen who leads: whatever changes from then on, its watch tells.</summary>
    private static async Task<bool> HasReadAsync(KubernetesServer server, string space, string identity) =>
        (await server.Audit.ReadAsync(space)).Any(entry => entry is { Verb: "get", Resource: "leases" } && entry.UserAgent.StartsWith(identity, StringComparison.Ordinal));

    /// <summary>An elector with a connection of its own, as in a process of its own.</summary>
    private sealed class Contender : IDisposable
    {
        private readonly k8s.Kubernetes _client;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Contender(KubernetesServer server, string space, string identity, string token)
        {
            _client = (k8s.Kubernetes)server.ClientFor(token);
            CollectorRegistry registry = Metrics.NewCustomRegistry();
            var options = new LeaseOptions { Namespace = space, Name = Lease };
            var transport = new ApiTransport(_client, new RequestOptions { Client = identity }, TimeProvider.System, registry);
            Elector = new LeaseElector(
                new LeaseStore(transport, options, NullLogger<ApiTransport>.Instance),
                options,
                identity,
                new LeadershipMetrics(Metrics.WithCustomRegistry(registry)),
                TimeProvider.System,
                () => 0.5,
                NullLogger<LeaseElector>.Instance);
            _running = Elector.RunAsync(WorkAsync, _stop.Token);
        }

        public LeaseElector Elector { get; }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _running;
        }

        public void Dispose()
        {
            _stop.Dispose();
            _client.Dispose();
        }

        private async Task WorkAsync(CancellationToken lost)
        {
            var asked = new TaskCompletionSource();
            await using CancellationTokenRegistration stopping = _stop.Token.Register(asked.SetResult);
            await asked.Task.WaitAsync(lost);
        }
    }
}
