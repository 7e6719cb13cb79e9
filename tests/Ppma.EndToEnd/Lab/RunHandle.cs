using System.Text;
using System.Text.Json;
using k8s.Models;
using Ppma.Api.Runs;
using Ppma.Testing;

namespace Ppma.EndToEnd.Lab;

/// <summary>A run in the cluster: what its status says, its pods, its artifacts.</summary>
public abstract class RunHandle<TStatus>(Space space, string kind, string name)
    where TStatus : RunStatus
{
    public Space Space { get; } = space;

    public string Name { get; } = name;

    /// <summary>For kubectl: <c>pretrainrun/NAME</c>.</summary>
    public string Resource { get; } = $"{kind}/{name}";

    /// <summary>What the operator has written; a fresh one where it has not yet.</summary>
    public abstract Task<TStatus> StatusAsync();

    /// <summary><c>kubectl wait --for=condition=Ready</c>.</summary>
    public Task WaitUntilReadyAsync(int timeoutSeconds = 900) => Space.WaitAsync(Resource, timeoutSeconds: timeoutSeconds);

    /// <summary>The first status that is as asked; says at the end what it was instead.</summary>
    public async Task<TStatus> WaitForAsync(Func<TStatus, bool> condition, string what, int timeoutSeconds = 300)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(timeoutSeconds));
        while (true)
        {
            TStatus status = await StatusAsync();
            if (condition(status))
            {
                return status;
            }

            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"After {timeoutSeconds} s {Resource} is not {what}. It says:\n{status.Conditions.Describe()}");
            }

            await Task.Delay(250, CancellationToken.None);
        }
    }

    /// <summary>Waits for a condition of a reason: <c>("Ready", "False", "OutOfMemory")</c>.</summary>
    public Task<TStatus> WaitForConditionAsync(string type, string state, string? reason = null, int timeoutSeconds = 300) => WaitForAsync(
        status => status.Conditions.Any(condition => condition.Type == type && condition.Status == state && (reason is null || condition.Reason == reason)),
        $"{type}={state}{(reason is null ? "" : $", {reason}")}",
        timeoutSeconds);

    /// <summary>Waits until the living pod of a stage has done a step, as its own <c>/progress</c> says; gives the pod.</summary>
    public async Task<WorkerPod> WaitForStepAsync(string stage, int step, int timeoutSeconds = 300)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(timeoutSeconds));
        string last = "no pod";
        while (!patience.IsCancellationRequested)
        {
            foreach (WorkerPod pod in await PodsAsync(stage))
            {
                if (pod.IsRunning && await pod.TryProgressAsync() is { } progress)
                {
                    last = progress.ToString();
                    if (progress.TryGetProperty("step", out JsonElement done) && done.GetInt32() >= step)
                    {
                        return pod;
                    }
                }
            }

            await Task.Delay(100, CancellationToken.None);
        }

        throw new TimeoutException($"After {timeoutSeconds} s stage {stage} of {Resource} has not done step {step}: {last}. It says:\n{(await StatusAsync()).Conditions.Describe()}");
    }

    /// <summary>Waits until a stage has a checkpoint that another attempt can go on from.</summary>
    public Task WaitForCheckpointAsync(string stage) => Eventually.Holds(
        async () => (await ListArtifactsAsync()).Contains($"{stage}/checkpoints/latest.json"),
        () => $"stage {stage} of {Resource} has no checkpoint",
        CancellationToken.None);

    /// <summary>All pods of a stage's attempts, or of all stages, oldest first.</summary>
    public async Task<IReadOnlyList<WorkerPod>> PodsAsync(string? stage = null)
    {
        string uid = await Space.Kubectl.RunAsync("get", Resource, "--output", "jsonpath={.metadata.uid}");
        V1PodList pods = await Space.Kubectl.ListAsync<V1PodList>("pods", $"ppma.cloud/uid={uid}" + (stage is null ? "" : $",ppma.cloud/stage={stage}"));
        return [.. pods.Items.OrderBy(pod => pod.Metadata.CreationTimestamp).Select(pod => new WorkerPod(Space, pod))];
    }

    /// <summary>A file of the run's artifacts, such as <c>mae/result.json</c>.</summary>
    public async Task<string> ReadArtifactAsync(string path) =>
        Encoding.UTF8.GetString(await Space.Lab.Blobs.ReadAsync(BlobStore.Artifacts, await ArtifactsPrefixAsync() + path));

    /// <summary>The paths of the run's artifacts.</summary>
    public async Task<IReadOnlyList<string>> ListArtifactsAsync()
    {
        string prefix = await ArtifactsPrefixAsync();
        return [.. (await Space.Lab.Blobs.ListAsync(BlobStore.Artifacts, prefix)).Select(path => path[prefix.Length..])];
    }

    private async Task<string> ArtifactsPrefixAsync()
    {
        string uri = (await StatusAsync()).ArtifactsUri ?? throw new InvalidOperationException($"{Resource} has no artifacts yet.");
        return uri[(BlobStore.InCluster(BlobStore.Artifacts).AbsoluteUri.Length + 1)..];
    }
}
