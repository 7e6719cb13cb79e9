using System.Text.Json;
using k8s.Models;

namespace Ppma.EndToEnd.Lab;

/// <summary>A pod of a run as it was when it was asked for.</summary>
public sealed class WorkerPod(Space space, V1Pod pod)
{
    private const string Program = "ppma-worker";
    private const int Port = 9464;

    public V1Pod Pod { get; } = pod;

    public string Name => Pod.Metadata.Name;

    public string Uid => Pod.Metadata.Uid;

    /// <summary>The Job that it is of.</summary>
    public string Job => Pod.Metadata.Labels["job-name"];

    public int Attempt => int.Parse(Pod.Metadata.Labels["ppma.cloud/attempt"]);

    public bool IsRunning => Pod.Status.Phase == "Running" && Pod.Status.PodIP is not null;

    /// <summary>The container's end, where it has ended.</summary>
    public V1ContainerStateTerminated? End => Pod.Status.ContainerStatuses?.FirstOrDefault(container => container.Name == "worker")?.State.Terminated;

    /// <summary>What the worker says of itself, or null where it cannot be asked now. Through the API server where pods are out of reach.</summary>
    public async Task<JsonElement?> TryProgressAsync()
    {
        if (Node.Folder is null)
        {
            (int code, string answer, _) = await space.Kubectl.TryAsync("get", "--raw", $"/api/v1/namespaces/{space.Name}/pods/{Name}:{Port}/proxy/progress");
            return code == 0 ? JsonDocument.Parse(answer).RootElement : null;
        }

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            return JsonDocument.Parse(await client.GetStringAsync(new Uri($"http://{Pod.Status.PodIP}:{Port}/progress"))).RootElement;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    public Task<string> LogsAsync() => space.Kubectl.RunAsync("logs", Name, "--container", "worker");

    /// <summary>The worker's process on this machine. Needs <see cref="Node.Require"/>.</summary>
    public int FindProcess() => Node.FindProcess(Uid, Program);

    /// <summary>Sends the worker a signal, such as <see cref="Signals.Kill"/>.</summary>
    public void Signal(int signal) => Node.Signal(FindProcess(), signal);
}
