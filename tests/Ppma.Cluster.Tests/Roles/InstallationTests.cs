using System.Text;
using System.Text.Json.Nodes;
using Ppma.Chart.Tests;
using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Roles;

/// <summary>Everything that the chart renders is taken by a real API server, which drops no field of it.</summary>
public sealed class InstallationTests(KubernetesFixture fixture)
{
    private static readonly Dictionary<string, string> Plurals = new(StringComparer.Ordinal)
    {
        ["ClusterRole"] = "clusterroles",
        ["ClusterRoleBinding"] = "clusterrolebindings",
        ["Deployment"] = "deployments",
        ["NetworkPolicy"] = "networkpolicies",
        ["PodDisruptionBudget"] = "poddisruptionbudgets",
        ["Role"] = "roles",
        ["RoleBinding"] = "rolebindings",
        ["Service"] = "services",
        ["ServiceAccount"] = "serviceaccounts",
    };

    [Theory]
    [InlineData("Snapshots/everything.yaml")]
    [InlineData("Snapshots/tenant.yaml")]
    [InlineData("Kustomize/base/account.yaml")]
    [InlineData("Kustomize/base/operator.yaml")]
    [InlineData("Kustomize/base/user-roles.yaml")]
    [InlineData("Kustomize/rbac/cluster/rbac.yaml")]
    [InlineData("Kustomize/rbac/namespaced/rbac.yaml")]
    [InlineData("Kustomize/overlays/azure-workload-identity/worker-account.yaml")]
    public async Task Objects_OfTheChart_AreKeptByTheServerAsTheyAre(string file)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        KubernetesServer server = await fixture.GetServerAsync();
        string space = await server.CreateNamespaceAsync("install", cancellationToken);
        ObjectSet objects = ObjectSet.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, file), cancellationToken));

        // Kinds of other products are not on this server.
        foreach (var (key, item) in objects.Where(item => !item.Key.StartsWith("monitoring.coreos.com/", StringComparison.Ordinal)))
        {
            if ((string?)item["apiVersion"] == "policy/v1" && !server.Version.IsAtLeast(1, 21))
            {
                // As the chart does on such a server.
                item["apiVersion"] = "policy/v1beta1";
            }

            if (item["metadata"]!["namespace"] is not null)
            {
                item["metadata"]!["namespace"] = space;
            }

            using var body = new StringContent(item.ToJsonString(), Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await server.Http.PostAsync($"{PathOf(item)}?dryRun=All", body, cancellationToken);
            string text = await answer.Content.ReadAsStringAsync(cancellationToken);
            Assert.True(answer.IsSuccessStatusCode, $"{key}: {text}");
            string dropped = string.Join(", ", Dropped(item, JsonNode.Parse(text), key));
            Assert.True(dropped.Length == 0, dropped);
        }
    }

    private static string PathOf(JsonNode item)
    {
        string version = (string)item["apiVersion"]!;
        string space = (string?)item["metadata"]!["namespace"] is { } name ? $"namespaces/{name}/" : "";
        return $"{(version.Contains('/', StringComparison.Ordinal) ? "apis" : "api")}/{version}/{space}{Plurals[(string)item["kind"]!]}";
    }

    private static IEnumerable<string> Dropped(JsonNode? sent, JsonNode? kept, string path) => (sent, kept) switch
    {
        (null, _) or (JsonArray { Count: 0 } or JsonObject { Count: 0 }, null) => [],
        (JsonObject fields, JsonObject others) => fields.SelectMany(field => Dropped(field.Value, others[field.Key], $"{path}.{field.Key}")),
        (JsonArray items, JsonArray others) when items.Count == others.Count => items.SelectMany((item, i) => Dropped(item, others[i], $"{path}[{i}]")),
        (JsonValue value, JsonValue other) when value.ToString() == other.ToString() => [],
        _ => [$"{path}: {sent.ToJsonString()} became {kept?.ToJsonString() ?? "nothing"}"],
    };
}
