using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Ppma.Testing;
using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Fixtures;

public sealed class KubernetesServerTests(KubernetesFixture fixture)
{
    [Fact]
    public async Task ServiceAccountToken_WithoutARole_IsForbiddenWhatTheRoleAllowsLater()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        KubernetesServer server = await fixture.GetServerAsync();
        string space = await server.CreateNamespaceAsync("rbac", cancellationToken);
        using IKubernetes client = server.ClientFor(await server.CreateServiceAccountTokenAsync(space, "reader", cancellationToken));

        HttpOperationException refused = await Assert.ThrowsAsync<HttpOperationException>(() => client.CoreV1.ListNamespacedPodAsync(space, cancellationToken: cancellationToken));
        Assert.Equal(HttpStatusCode.Forbidden, refused.Response.StatusCode);

        await server.Client.RbacAuthorizationV1.CreateNamespacedRoleAsync(
            new V1Role
            {
                Metadata = new V1ObjectMeta { Name = "reads-pods" },
                Rules = [new V1PolicyRule { ApiGroups = [""], Resources = ["pods"], Verbs = ["list"] }],
            },
            space, cancellationToken: cancellationToken);
        await server.Client.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(
            new V1RoleBinding
            {
                Metadata = new V1ObjectMeta { Name = "reads-pods" },
                RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "Role", Name = "reads-pods" },
                Subjects = [new Rbacv1Subject { Kind = "ServiceAccount", Name = "reader", NamespaceProperty = space }],
            },
            space, cancellationToken: cancellationToken);

        await Eventually.Holds(async () => await Lists(client, space, cancellationToken), cancellationToken);
    }

    [Fact]
    public async Task AuditLog_AfterWrites_NamesUserVerbResourceAndName()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        KubernetesServer server = await fixture.GetServerAsync();
        string space = await server.CreateNamespaceAsync("audit", cancellationToken);
        var map = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "twice" } };
        await server.Client.CoreV1.CreateNamespacedConfigMapAsync(map, space, cancellationToken: cancellationToken);
        await Assert.ThrowsAsync<HttpOperationException>(() => server.Client.CoreV1.CreateNamespacedConfigMapAsync(map, space, cancellationToken: cancellationToken));
        await server.Client.CoreV1.DeleteNamespacedConfigMapAsync("twice", space, cancellationToken: cancellationToken);

        IReadOnlyList<AuditEntry> entries = await server.Audit.ReadAsync(space, cancellationToken);

        Assert.Equal(
            [("create", 201), ("create", 409), ("delete", 200)],
            entries.Where(entry => entry is { User: "admin", Resource: "configmaps", Name: "twice" }).Select(entry => (entry.Verb, entry.Code)));
    }

    [Fact]
    public async Task Kubeconfig_OfTheServer_IsReadByTheClient()
    {
        KubernetesServer server = await fixture.GetServerAsync();
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(server.WriteKubeconfig(KubernetesServer.AdminToken));
        using var client = new Kubernetes(configuration);

        VersionInfo version = await client.Version.GetCodeAsync(TestContext.Current.CancellationToken);

        Assert.Equal(server.Version.Name, version.GitVersion);
    }

    private static async Task<bool> Lists(IKubernetes client, string space, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.CoreV1.ListNamespacedPodAsync(space, cancellationToken: cancellationToken)).Items.Count == 0;
        }
        catch (HttpOperationException refused) when (refused.Response.StatusCode == HttpStatusCode.Forbidden)
        {
            return false;
        }
    }
}
