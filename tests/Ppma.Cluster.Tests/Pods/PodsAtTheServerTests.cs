using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Ppma.Operator.Pods;
using Ppma.Operator.Tests.Pods;
using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Pods;

/// <summary>A real API server's word on the pods of runs. Nothing is kept: creates are dry runs.</summary>
public sealed class PodsAtTheServerTests(KubernetesFixture fixture)
{
    /// <summary>What the operator refuses although the server's restricted standard lets it in, by name.</summary>
    private static readonly string[] StricterThanTheServer =
    [
        "pod.spec.containers[worker].ports[8080].hostPort", // A hostIP alone.
        "pod.spec.evictionResponders",
        "pod.spec.hostUsers",
        "pod.spec.hostnameOverride",
        "pod.spec.securityContext.sysctls",
        "pod.spec.volumes[extra].image",
    ];

    public static TheoryData<string> EveryKindOfRun => [.. TestPods.Kinds];

    [Theory]
    [MemberData(nameof(EveryKindOfRun))]
    public async Task Job_OfEveryKindOfRun_IsTakenAsItIs(string kind)
    {
        var (server, space) = await NamespaceAsync("pods");
        var job = JobBuilder.Build(In(space, TestPods.Of(kind)), new()).Job;

        var taken = await server.Client.BatchV1.CreateNamespacedJobAsync(job, space, dryRun: "All", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((job.Metadata.Name, 0), (taken.Metadata.Name, taken.Spec.BackoffLimit));
        Assert.Equal(KubernetesJson.Serialize(job.Spec.Template.Spec.Containers[0].Env), KubernetesJson.Serialize(taken.Spec.Template.Spec.Containers[0].Env));
        Assert.Equal(job.Spec.Template.Spec.Volumes.Select(volume => volume.Name), taken.Spec.Template.Spec.Volumes.Select(volume => volume.Name));
    }

    [Fact]
    public async Task Pod_OfEveryKindOfRun_IsAdmittedByTheRestrictedStandard()
    {
        var (server, space) = await RestrictedNamespaceAsync();
        await CreateWhatItNamesAsync(server, space, TestPods.Of("everything"));
        foreach (string kind in TestPods.Kinds)
        {
            Assert.Null(await RefusalAsync(server, JobBuilder.Build(In(space, TestPods.Of(kind)), new())));
        }
    }

    [Fact]
    public async Task Pod_WithWhatPeopleNeed_IsAdmittedByTheRestrictedStandard()
    {
        var (server, space) = await RestrictedNamespaceAsync();
        foreach (string overrides in TestOverrides.Harmless.Select(row => row.Data))
        {
            Assert.Null(await RefusalAsync(server, TestPods.PlanWith(overrides, In(space, TestPods.Request()))));
        }
    }

    [Fact]
    public async Task Pod_ThatTheOperatorRefuses_IsRefusedByTheRestrictedStandardTooButForWhatIsNamedHere()
    {
        var (server, space) = await RestrictedNamespaceAsync();
        var admitted = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (overrides, field) in TestOverrides.AgainstTheProfile.Select(row => row.Data))
        {
            if (field.EndsWith(".host", StringComparison.Ordinal) && !server.Version.IsAtLeast(1, 34))
            {
                continue; // The standard has spoken of them since then.
            }

            if (await RefusalAsync(server, TestPods.PlanWith(overrides, In(space, TestPods.Request()))) is null)
            {
                admitted.Add(field);
            }
        }

        Assert.Equal(string.Join('\n', StricterThanTheServer), string.Join('\n', admitted));
    }

    private static JobRequest In(string space, JobRequest request) => request with { Run = request.Run with { Namespace = space } };

    /// <summary>The server's message; null when it would take the pod.</summary>
    private static async Task<string?> RefusalAsync(KubernetesServer server, JobPlan plan)
    {
        Assert.Empty(plan.Problems);
        var pod = plan.Pod();
        try
        {
            await server.Client.CoreV1.CreateNamespacedPodAsync(pod, pod.Namespace(), dryRun: "All", cancellationToken: TestContext.Current.CancellationToken);
            return null;
        }
        catch (HttpOperationException refused) when (refused.Response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity)
        {
            using var status = JsonDocument.Parse(refused.Response.Content);
            return status.RootElement.GetProperty("message").GetString();
        }
    }

    private async Task<(KubernetesServer Server, string Space)> NamespaceAsync(string purpose)
    {
        var server = await fixture.GetServerAsync();
        return (server, await server.CreateNamespaceAsync(purpose, TestContext.Current.CancellationToken));
    }

    private async Task<(KubernetesServer Server, string Space)> RestrictedNamespaceAsync()
    {
        var (server, space) = await NamespaceAsync("restricted");
        server.Version.Require(1, 25, "Pod Security admission");
        await server.Client.CoreV1.PatchNamespaceAsync(
            new V1Patch("""{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"restricted"}}}""", V1Patch.PatchType.MergePatch),
            space, cancellationToken: TestContext.Current.CancellationToken);
        return (server, space);
    }

    private static async Task CreateWhatItNamesAsync(KubernetesServer server, string space, JobRequest request)
    {
        var (compute, cancellationToken) = (request.Compute, TestContext.Current.CancellationToken);
        await server.Client.CoreV1.CreateNamespacedServiceAccountAsync(
            new() { Metadata = new() { Name = compute.ServiceAccountName } }, space, cancellationToken: cancellationToken);
        await server.Client.SchedulingV1.CreatePriorityClassAsync(
            new() { Metadata = new() { Name = compute.PriorityClassName }, Value = 1 }, cancellationToken: cancellationToken);
        await server.Client.NodeV1.CreateRuntimeClassAsync(
            new() { Metadata = new() { Name = compute.RuntimeClassName }, Handler = "any" }, cancellationToken: cancellationToken);
    }
}
