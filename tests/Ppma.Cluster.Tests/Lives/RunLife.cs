using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Ppma.Testing;
using Ppma.Testing.Kubernetes;
using Ppma.Testing.Kubernetes.Faults;

namespace Ppma.Cluster.Tests.Lives;

/// <summary>
/// The life of a data set, a PretrainRun of two stages and an EvalRun of it, from creation to result: the real operator's process, behind
/// a proxy, on a real API server, in a namespace of its own, and pods that do at once what they should.
/// </summary>
internal sealed class RunLife : IAsyncDisposable
{
    /// <summary>verify; mae and align; evaluate.</summary>
    public const int Stages = 4;

    private const string Account = "operator";

    private static readonly (string Plural, string Name)[] Resources = [("videodatasets", "clips"), ("pretrainruns", "ppma"), ("evalruns", "trial")];

    private readonly KubernetesServer _server;
    private readonly string _space;
    private readonly string _token;
    private readonly CancellationTokenSource _stop;
    private readonly Task _kubelet;

    private RunLife(KubernetesServer server, string space, string token, ApiProxy proxy, OperatorUnderTest @operator, CancellationToken cancellationToken)
    {
        (_server, _space, _token, Proxy, Operator) = (server, space, token, proxy, @operator);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _kubelet = new TestKubelet(server.Client, space).RunAsync(new PlayedWorker(server.Client).EndAsync, _stop.Token);
    }

    public ApiProxy Proxy { get; }

    public OperatorUnderTest Operator { get; }

    /// <summary>All is there but the operator's process and what it looks after.</summary>
    public static async Task<RunLife> PrepareAsync(KubernetesServer server, CancellationToken cancellationToken)
    {
        string space = await server.CreateNamespaceAsync("life", cancellationToken);
        string token = await server.CreateServiceAccountTokenAsync(space, Account, cancellationToken);
        await server.Client.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(
            new V1RoleBinding
            {
                Metadata = new V1ObjectMeta { Name = Account },
                RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = "cluster-admin" },
                Subjects = [new Rbacv1Subject { Kind = "ServiceAccount", Name = Account, NamespaceProperty = space }],
            },
            space, cancellationToken: cancellationToken);
        ApiProxy proxy = await ApiProxy.StartAsync(server, cancellationToken);
        return new RunLife(server, space, token, proxy, new OperatorUnderTest(space, server.WriteKubeconfig(token, proxy.Address)), cancellationToken);
    }

    /// <summary>Starts the operator, creates the resources, waits for their end, and says what was wrong: nothing, in a good life.</summary>
    public async Task<IReadOnlyList<string>> LiveAsync(CancellationToken cancellationToken)
    {
        Operator.Start();
        foreach (string manifest in (string[])[LifeManifests.Dataset, LifeManifests.Run, LifeManifests.Trial])
        {
            await LifeManifests.CreateAsync(_server, _space, manifest, cancellationToken);
        }

        try
        {
            await Eventually.Holds(() => IsOverAsync(cancellationToken), () => "it is not over", cancellationToken);
        }
        catch (TimeoutException)
        {
            return [$"it did not end: {await DescribeAsync(cancellationToken)}\n{Operator.Describe()}"];
        }

        IReadOnlyList<string> violations = await JudgeAsync(cancellationToken);
        return violations.Count == 0 ? [] : [.. violations, Operator.Describe()];
    }

    /// <summary>What was wrong until now.</summary>
    public async Task<IReadOnlyList<string>> JudgeAsync(CancellationToken cancellationToken)
    {
        JsonNode trial = await ReadAsync("evalruns", "trial", cancellationToken);
        return
        [
            .. LifeJudge.Violations(await _server.Audit.ReadAsync(_space, cancellationToken), $"system:serviceaccount:{_space}:{Account}", Stages),
            .. (double?)trial["status"]?["result"]?["top1"] == PlayedWorker.Top1 ? Array.Empty<string>() : [$"the trial's result is {trial["status"]?["result"]?.ToJsonString()}"],
        ];
    }

    /// <summary>What an operator without its guards would do: makes the run's frozen tasks a second time, in the operator's name.</summary>
    public async Task RepeatACreateAsync(CancellationToken cancellationToken)
    {
        V1ConfigMapList maps = await _server.Client.CoreV1.ListNamespacedConfigMapAsync(_space, cancellationToken: cancellationToken);
        V1ConfigMap tasks = maps.Items.First(map => map.Name().StartsWith("ppma-tasks-", StringComparison.Ordinal));
        await _server.Client.CoreV1.DeleteNamespacedConfigMapAsync(tasks.Name(), _space, cancellationToken: cancellationToken);
        using IKubernetes impostor = _server.ClientFor(_token);
        await impostor.CoreV1.CreateNamespacedConfigMapAsync(
            new V1ConfigMap { Metadata = new V1ObjectMeta { Name = tasks.Name() }, Data = tasks.Data }, _space, cancellationToken: cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Operator.DisposeAsync();
        await _stop.CancelAsync();
        await _kubelet;
        await Proxy.DisposeAsync();
        _stop.Dispose();
    }

    private async Task<bool> IsOverAsync(CancellationToken cancellationToken)
    {
        if (_kubelet.IsFaulted)
        {
            await _kubelet;
        }

        foreach ((string plural, string name) in Resources)
        {
            if (Condition(await ReadAsync(plural, name, cancellationToken), "Ready") != "True")
            {
                return false;
            }
        }

        return true;
    }

    private async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var parts = new List<string>();
        foreach ((string plural, string name) in Resources)
        {
            JsonNode resource = await ReadAsync(plural, name, cancellationToken);
            parts.Add($"{plural}/{name}: {resource["status"]?["conditions"]?.ToJsonString()}");
        }

        V1PodList pods = await _server.Client.CoreV1.ListNamespacedPodAsync(_space, cancellationToken: cancellationToken);
        return string.Join('\n', [.. parts, .. pods.Items.Select(pod => $"pods/{pod.Name()}: {pod.Status.Phase}")]);
    }

    private async Task<JsonNode> ReadAsync(string plural, string name, CancellationToken cancellationToken) =>
        JsonNode.Parse(await _server.Http.GetStringAsync($"{Address(plural)}/{name}", cancellationToken))!;

    private string Address(string plural) => $"apis/ppma.cloud/v1alpha1/namespaces/{_space}/{plural}";

    private static string? Condition(JsonNode resource, string type) =>
        (string?)resource["status"]?["conditions"]?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == type)?["status"];
}
