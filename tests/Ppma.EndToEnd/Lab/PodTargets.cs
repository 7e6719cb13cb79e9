using System.Text.Json;
using k8s;
using k8s.Models;

namespace Ppma.EndToEnd.Lab;

/// <summary>
/// What a Prometheus finds with <c>kubernetes_sd_configs</c>, written to files that it reads: Debian's is built without the former. The
/// labels are the same, so that the shipped relabelling works on them.
/// </summary>
public sealed class PodTargets : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Kubernetes _client = new(KubernetesClientConfiguration.BuildConfigFromConfigFile(Environment.GetEnvironmentVariable("KUBECONFIG")));
    private readonly CancellationTokenSource _end = new();
    private readonly string _folder;
    private readonly Task _writing;

    /// <summary>Writes a file for each selector, named by <see cref="FileOf"/>, until the end.</summary>
    public PodTargets(string folder, IReadOnlyList<string> selectors)
    {
        _folder = folder;
        _writing = WriteAsync(selectors);
    }

    public static string FileOf(string selector) => $"{selector.Replace('/', '-').Replace('=', '-')}.json";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _writing;
        _client.Dispose();
        _end.Dispose();
    }

    private async Task WriteAsync(IReadOnlyList<string> selectors)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                foreach (string selector in selectors)
                {
                    V1PodList pods = await _client.CoreV1.ListPodForAllNamespacesAsync(labelSelector: selector, cancellationToken: _end.Token);
                    string file = Path.Combine(_folder, FileOf(selector));
                    await File.WriteAllTextAsync($"{file}.new", JsonSerializer.Serialize(pods.Items.SelectMany(TargetsOf)), _end.Token);
                    File.Move($"{file}.new", file, overwrite: true);
                }

                await Task.Delay(Interval, _end.Token);
            }
            catch (Exception error) when (error is HttpRequestException or k8s.Autorest.HttpOperationException or OperationCanceledException or IOException)
            {
                // A test restarts the API server: the targets stay as they were until it answers again.
            }
        }
    }

    private static IEnumerable<object> TargetsOf(V1Pod pod) =>
        from container in pod.Spec.Containers
        from port in container.Ports ?? []
        where pod.Status.PodIP is not null
        select new { targets = new[] { $"{pod.Status.PodIP}:{port.ContainerPort}" }, labels = LabelsOf(pod, port) };

    private static Dictionary<string, string> LabelsOf(V1Pod pod, V1ContainerPort port)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["__meta_kubernetes_namespace"] = pod.Metadata.NamespaceProperty,
            ["__meta_kubernetes_pod_name"] = pod.Metadata.Name,
            ["__meta_kubernetes_pod_phase"] = pod.Status.Phase,
            ["__meta_kubernetes_pod_container_port_name"] = port.Name ?? "",
        };
        Add("label", pod.Metadata.Labels);
        Add("annotation", pod.Metadata.Annotations);
        return labels;

        void Add(string kind, IDictionary<string, string>? values)
        {
            foreach ((string name, string value) in values ?? new Dictionary<string, string>())
            {
                labels[$"__meta_kubernetes_pod_{kind}_{string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'))}"] = value;
            }
        }
    }
}
