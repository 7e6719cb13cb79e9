using k8s.Models;

namespace Ppma.EndToEnd.Lab;

/// <summary>The shipped chart in the lab's cluster. Whatever is set otherwise than a user's would be is printed.</summary>
public sealed class Chart : IAsyncDisposable
{
    public const string Release = "ppma";
    public const string Space = "ppma-system";
    public const string Deployment = "ppma-operator";
    public const string PodSelector = "app.kubernetes.io/name=ppma-operator";

    private const int FirstVersionWithRules = 25;

    private readonly IReadOnlyList<string> _values;
    private readonly IReadOnlyList<string> _options;

    private Chart(IReadOnlyList<string> values, IReadOnlyList<string> options) => (_values, _options) = (values, options);

    public Kubectl Kubectl { get; } = new(Space);

    public static async Task<Chart> InstallAsync(Kubectl kubectl, Results results)
    {
        string[] options = [];
        var values = new List<string>
        {
            "image.repository=docker.io/ppma-cloud/operator", "image.tag=dev", "image.pullPolicy=IfNotPresent",
            "worker.image.repository=docker.io/ppma-cloud/worker", "worker.image.tag=dev",
        };
        string known = await kubectl.RunAsync("api-resources", "--output", "name");
        if (!known.Contains("podmonitors.monitoring.coreos.com", StringComparison.Ordinal))
        {
            values.AddRange(["monitoring.podMonitor.enabled=false", "monitoring.prometheusRule.enabled=false"]);
        }

        results.Note($"The chart's values that are not the default: {string.Join(", ", values)}");
        if (await kubectl.MinorVersionAsync() < FirstVersionWithRules)
        {
            results.Note("helm is told --disable-openapi-validation: this server's own schema of definitions does not know their CEL rules.");
            options = ["--disable-openapi-validation"];
        }

        var chart = new Chart(values, options);
        await chart.UpgradeAsync();
        return chart;
    }

    /// <summary>Installs it, or upgrades it under what runs, and waits until its pods are ready.</summary>
    public async Task UpgradeAsync(params string[] changed)
    {
        await HelmAsync([
            "upgrade", Release, Repository.PathOf("charts", "ppma-cloud"), "--install", "--namespace", Space, "--create-namespace", .. _options,
            .. _values.Concat(changed).SelectMany(value => (string[])["--set", value]),
        ]);
        await WaitUntilReadyAsync();
    }

    /// <summary>How many operators there are to be; waits until there are.</summary>
    public async Task ScaleAsync(int replicas)
    {
        await Kubectl.RunAsync("scale", $"deployment/{Deployment}", $"--replicas={replicas}");
        if (replicas > 0)
        {
            await WaitUntilReadyAsync();
        }
        else
        {
            await Kubectl.RunAsync("wait", "pods", "--selector", PodSelector, "--for=delete", "--timeout=120s");
        }
    }

    public Task WaitUntilReadyAsync() => Kubectl.RunAsync("rollout", "status", $"deployment/{Deployment}", "--timeout=180s");

    /// <summary>The operators, without those that are ending.</summary>
    public async Task<IReadOnlyList<V1Pod>> PodsAsync() =>
        [.. (await Kubectl.ListAsync<V1PodList>("pods", PodSelector)).Items.Where(pod => pod.Metadata.DeletionTimestamp is null)];

    /// <summary>What the operators have logged.</summary>
    public Task<string> LogsAsync() => Kubectl.RunAsync("logs", "--selector", PodSelector, "--tail=-1");

    public async ValueTask DisposeAsync() => await HelmAsync(["uninstall", Release, "--namespace", Space]);

    private static async Task HelmAsync(string[] arguments)
    {
        string helm = (await Shell.RunAsync(Repository.PathOf("eng", "helm.sh"), ["--cached"])).Trim();
        await Shell.RunAsync(helm, arguments);
    }
}
