using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Ppma.Cluster.Tests.Lives;
using Ppma.Testing;
using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Roles;

/// <summary>
/// The real operator, as the account that the chart makes and with nothing but what it grants (as rendered into charts/kustomize; Ppma.Chart.Tests holds
/// both equal), through the life of a data set, a run and a trial: it is refused nothing, and uses what it has. On a server of its own, since it looks after every namespace in one of the two.
/// </summary>
public sealed class RoleTests
{
    private static readonly string[] Resources =
    [
        $"{LifeManifests.Run}\n  compute: {{serviceAccountName: runner}}\n  ttlSecondsAfterFinished: 1",
        LifeManifests.Trial,
        LifeManifests.Dataset,
    ];

    /// <summary>What a good life has no use for, and when it is used.</summary>
    private static readonly Dictionary<string, string> ForOtherLives = new(StringComparer.Ordinal)
    {
        ["update ppma.cloud/pretrainruns/finalizers"] = "asked of whoever sets blockOwnerDeletion, where the admission plugin OwnerReferencesPermissionEnforcement is on",
        ["update ppma.cloud/evalruns/finalizers"] = "the same",
        ["update ppma.cloud/videodatasets/finalizers"] = "the same",
        ["get ppma.cloud/pretrainruns"] = "before another attempt of a run that is no longer fresh",
        ["get ppma.cloud/evalruns"] = "the same",
        ["get ppma.cloud/videodatasets"] = "the same",
        ["get batch/jobs"] = "when a Job's name is taken: by an earlier try whose answer was lost, or by somebody else",
        ["get /configmaps"] = "when a run's tasks are not in memory: after a hand-over",
        ["list /events"] = "when a Job has no pod after 10 s, or a pod's container is not created after 30 s",
        ["patch events.k8s.io/events"] = "when an event happens again",
        ["watch coordination.k8s.io/leases"] = "by a standby (LeaderElectionTests)",
        ["delete /configmaps"] = "when the time to live of a run's children ends",
        ["delete batch/jobs"] = "the same, and when a run is suspended or cancelled",
    };

    [Theory]
    [InlineData("cluster")]
    [InlineData("namespaced")]
    public async Task Operator_WithTheShippedRole_IsRefusedNothingAndUsesIt(string mode)
    {
        const string home = "ppma-system";
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await using KubernetesServer server = await KubernetesServer.StartAsync(KubernetesFixture.Definitions, cancellationToken: cancellationToken);
        string[] files = ["base/namespace.yaml", "base/account.yaml", $"rbac/{mode}/rbac.yaml"];
        string account = string.Join("---\n", files.Select(file => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kustomize", file))));
        IReadOnlyList<V1PolicyRule> rules = await GrantAsync(server, account, cancellationToken);
        string token = await server.CreateServiceAccountTokenAsync(home, "ppma-operator", cancellationToken);
        string user = $"system:serviceaccount:{home}:ppma-operator";
        bool everywhere = mode == "cluster";
        string space = everywhere ? await server.CreateNamespaceAsync("team", cancellationToken) : home;

        await using (var @operator = new OperatorUnderTest(home, server.WriteKubeconfig(token), ["--lease-name", "ppma-operator", "--namespace", everywhere ? "" : home]))
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task kubelet = new TestKubelet(server.Client, space).RunAsync(new PlayedWorker(server.Client).EndAsync, stop.Token);
            @operator.Start();
            await server.Client.CoreV1.CreateNamespacedServiceAccountAsync(
                new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = "runner", Annotations = new Dictionary<string, string> { ["ppma.cloud/allow-runs"] = "true" } } },
                space, cancellationToken: cancellationToken);
            foreach (string manifest in Resources)
            {
                await LifeManifests.CreateAsync(server, space, manifest, cancellationToken);
            }

            await Eventually.Holds(
                async () => await IsReadyAsync(server, space, "pretrainruns", "ppma", cancellationToken) && await IsReadyAsync(server, space, "evalruns", "trial", cancellationToken),
                () => $"the runs are not over; the operator says:\n{@operator.Describe()}",
                cancellationToken);
            await Eventually.Holds(() => RenewedAsync(server, home), () => @operator.Describe(), cancellationToken);
            await stop.CancelAsync();
            await kubelet;
        }

        IReadOnlyList<AuditEntry> log = [.. (await server.Audit.ReadAsync(cancellationToken: cancellationToken)).Where(entry => entry.User == user)];
        Assert.DoesNotContain(log, entry => entry.Code == 403);
        HashSet<string> used = [.. log.Select(entry => $"{entry.Verb} {entry.Group}/{entry.Resource}{(entry.Subresource.Length > 0 ? "/" : "")}{entry.Subresource}")];
        Assert.Equal("", string.Join(", ", rules.SelectMany(Granted).Where(grant => !used.Contains(grant) && !ForOtherLives.ContainsKey(grant))));
        Assert.DoesNotContain(rules.SelectMany(Granted), grant => grant.Contains("secrets", StringComparison.Ordinal) || grant.Contains('*', StringComparison.Ordinal));
    }

    private static async Task<bool> RenewedAsync(KubernetesServer server, string home)
    {
        V1Lease lease = await server.Client.CoordinationV1.ReadNamespacedLeaseAsync("ppma-operator", home);
        return lease.Spec.RenewTime > lease.Spec.AcquireTime;
    }

    private static IEnumerable<string> Granted(V1PolicyRule rule) =>
        from verb in rule.Verbs from @group in rule.ApiGroups from resource in rule.Resources select $"{verb} {@group}/{resource}";

    /// <summary>Applies the manifest, namespaces included, and gives what it grants.</summary>
    private static async Task<IReadOnlyList<V1PolicyRule>> GrantAsync(KubernetesServer server, string manifest, CancellationToken cancellationToken)
    {
        var rules = new List<V1PolicyRule>();
        IRbacAuthorizationV1Operations rbac = server.Client.RbacAuthorizationV1;
        foreach (object resource in KubernetesYaml.LoadAllFromString(manifest))
        {
            switch (resource)
            {
                case V1Namespace space:
                    await server.Client.CoreV1.CreateNamespaceAsync(space, cancellationToken: cancellationToken);
                    break;
                case V1ServiceAccount account:
                    await server.Client.CoreV1.CreateNamespacedServiceAccountAsync(account, account.Namespace(), cancellationToken: cancellationToken);
                    break;
                case V1ClusterRole role:
                    rules.AddRange(role.Rules);
                    await rbac.CreateClusterRoleAsync(role, cancellationToken: cancellationToken);
                    break;
                case V1ClusterRoleBinding binding:
                    await rbac.CreateClusterRoleBindingAsync(binding, cancellationToken: cancellationToken);
                    break;
                case V1Role role:
                    rules.AddRange(role.Rules);
                    await rbac.CreateNamespacedRoleAsync(role, role.Namespace(), cancellationToken: cancellationToken);
                    break;
                case V1RoleBinding binding:
                    await rbac.CreateNamespacedRoleBindingAsync(binding, binding.Namespace(), cancellationToken: cancellationToken);
                    break;
                default:
                    Assert.Fail($"{resource.GetType().Name} is no part of a role");
                    break;
            }
        }

        return rules;
    }

    private static async Task<bool> IsReadyAsync(KubernetesServer server, string space, string plural, string name, CancellationToken cancellationToken)
    {
        JsonNode resource = JsonNode.Parse(await server.Http.GetStringAsync($"apis/ppma.cloud/v1alpha1/namespaces/{space}/{plural}/{name}", cancellationToken))!;
        return resource["status"]?["conditions"]?.AsArray().Any(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True") == true;
    }
}
