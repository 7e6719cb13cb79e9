using k8s;
using Ppma.Api.Pretraining;

namespace Ppma.Benchmarks.Operating;

/// <summary>A process that lists PretrainRuns once from the server's cache into typed objects, by the client library alone.</summary>
internal static class BareList
{
    public const string Command = "bare-list";

    public static async Task<int> RunAsync(string kubeconfig, string @namespace)
    {
        using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));
        var runs = await client.CustomObjects.ListNamespacedCustomObjectAsync<PretrainRunList>(
            "ppma.cloud", "v1alpha1", @namespace, "pretrainruns", resourceVersion: "0");
        await Console.Out.WriteLineAsync($"{runs.Items.Count}");
        return runs.Items.Count > 0 ? 0 : 1;
    }

    internal sealed class PretrainRunList
    {
        public IList<PretrainRun> Items { get; init; } = [];
    }
}
