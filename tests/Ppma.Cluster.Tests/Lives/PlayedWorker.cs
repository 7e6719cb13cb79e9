using System.Text;
using k8s;
using k8s.Models;
using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Lives;

/// <summary>Says at once what a worker that found nothing wrong would say of the task that its pod mounts.</summary>
internal sealed class PlayedWorker(IKubernetes client)
{
    public const double Top1 = 0.625;

    /// <exception cref="InvalidOperationException">The pod mounts no task.</exception>
    public async Task<ContainerEnd?> EndAsync(V1Pod pod)
    {
        V1ConfigMapVolumeSource source = pod.Spec.Volumes.Select(volume => volume.ConfigMap).FirstOrDefault(map => map is not null)
            ?? throw new InvalidOperationException($"Pod {pod.Name()} mounts no ConfigMap, so it has no task.");
        V1ConfigMap map = await client.CoreV1.ReadNamespacedConfigMapAsync(source.Name, pod.Namespace());
        byte[] file = Encoding.UTF8.GetBytes(map.Data[source.Items.Single().Key]);
        return ContainerEnd.Done(Encoding.UTF8.GetString(TaskJson.Serialize(new TerminationMessage { Result = Result(file) })));
    }

    private static TaskResult Result(byte[] file)
    {
        TaskSpec task = TaskJson.Deserialize<TaskSpec>(file);
        return new TaskResult
        {
            TaskDigest = TaskJson.Digest(file),
            InputDigest = task.InputDigest,
            Kind = task.Kind,
            StartTime = DateTimeOffset.UnixEpoch,
            CompletionTime = DateTimeOffset.UnixEpoch.AddMinutes(1),
            Training = task.PretrainStage is not { } stage ? null : new TrainingOutcome
            {
                Steps = 100, FinalLoss = 0.5, Checkpoint = $"{stage.Name}/checkpoints/step-100", WeightsDigest = TaskJson.Digest(Encoding.UTF8.GetBytes(stage.Name)),
            },
            Evaluation = task.Evaluate is null ? null : new EvaluationOutcome { Top1 = Top1, Top5 = 0.9, MeanClassAccuracy = 0.6, Samples = 20, PeakRate = 0.1 },
            Dataset = task.VerifyDataset is null ? null : new DatasetOutcome
            {
                Digest = new string('d', 64), Samples = 100, Shards = 2, Bytes = 1 << 20, Classes = 4, Humans = Humans.Synthetic,
                Splits = new Dictionary<string, long> { ["train"] = 80, ["test"] = 20 }, ClassesDigest = new string('e', 64),
            },
        };
    }
}
