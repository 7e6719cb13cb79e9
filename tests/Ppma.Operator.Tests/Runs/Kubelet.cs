using System.Text;
using k8s.Models;
using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Tests.Runs;

/// <summary>Plays the Job controller and the node for the fake cluster.</summary>
internal static class Kubelet
{
    /// <summary>The Job that was made last.</summary>
    public static V1Job Job(this FakeCluster cluster) => cluster.Jobs.OnServer.OrderBy(job => long.Parse(job.Metadata.ResourceVersion, System.Globalization.CultureInfo.InvariantCulture)).Last();

    /// <summary>The pod of the last Job, with a node and its worker running.</summary>
    public static V1Pod Run(this FakeCluster cluster)
    {
        var pod = cluster.Pod(cluster.Job());
        pod.Spec.NodeName = "node-1";
        pod.Status = new()
        {
            Phase = "Running",
            PodIP = "10.0.0.1",
            ContainerStatuses = [new() { Name = "worker", State = new() { Running = new() { StartedAt = cluster.Now } } }],
        };
        return cluster.Pods.Put(pod);
    }

    /// <summary>A pod without a node.</summary>
    public static V1Pod Pod(this FakeCluster cluster, V1Job job) => cluster.Pods.OnServerAt(new(job.Metadata.NamespaceProperty, $"{job.Metadata.Name}-x")) ?? cluster.Pods.Put(new V1Pod
    {
        Metadata = new()
        {
            Name = $"{job.Metadata.Name}-x",
            NamespaceProperty = job.Metadata.NamespaceProperty,
            CreationTimestamp = cluster.Now,
            Labels = job.Spec.Template.Metadata.Labels,
            OwnerReferences = [new() { Uid = job.Metadata.Uid, Kind = "Job", Name = job.Metadata.Name, ApiVersion = "batch/v1", Controller = true }],
        },
        Spec = new() { Containers = [new() { Name = "worker" }] },
        Status = new() { Phase = "Pending" },
    });

    /// <summary>The worker of the last Job's pod ends.</summary>
    public static void End(this FakeCluster cluster, int exitCode, TerminationMessage? message = null, string? reason = null)
    {
        var pod = cluster.Run();
        pod.Status.Phase = exitCode == 0 ? "Succeeded" : "Failed";
        pod.Status.ContainerStatuses = [new()
        {
            Name = "worker",
            State = new()
            {
                Terminated = new()
                {
                    ExitCode = exitCode,
                    Reason = reason ?? (exitCode == 0 ? "Completed" : "Error"),
                    StartedAt = cluster.Now.AddSeconds(-60),
                    FinishedAt = cluster.Now,
                    Message = message is null ? null : Encoding.UTF8.GetString(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(message, TaskJson.Options)),
                },
            },
        }];
        cluster.Pods.Put(pod);
        var job = cluster.Jobs.OnServerAt(new(pod.Metadata.NamespaceProperty, pod.Metadata.OwnerReferences[0].Name));
        if (job is not null)
        {
            job.Status = new() { Conditions = [new() { Type = exitCode == 0 ? "Complete" : "Failed", Status = "True", LastTransitionTime = cluster.Now }] };
            cluster.Jobs.Put(job);
        }
    }

    /// <summary>The worker of the last Job ends with its result.</summary>
    public static void Finish(this FakeCluster cluster, string? taskDigest = null)
    {
        var job = cluster.Job();
        var task = Task(cluster, job);
        cluster.End(0, new() { Result = ResultOf(task.Task, taskDigest ?? task.Digest) });
    }

    /// <summary>Another container than the worker goes on in a Job's pod, so that neither is over.</summary>
    public static void HoldOn(this FakeCluster cluster, V1Job job)
    {
        var pod = cluster.Pod(job);
        pod.Status.Phase = "Running";
        cluster.Pods.Put(pod);
        job.Status = new() { Active = 1 };
        cluster.Jobs.Put(job);
    }

    /// <summary>Deletion that waits for pods goes through: they end, and are gone with their Jobs.</summary>
    public static void Collect(this FakeCluster cluster)
    {
        foreach (var job in cluster.Jobs.OnServer.Where(job => job.Metadata.DeletionTimestamp is not null).ToList())
        {
            foreach (var pod in cluster.Pods.OnServer.Where(pod => pod.Metadata.OwnerReferences[0].Uid == job.Metadata.Uid).ToList())
            {
                cluster.Pods.Remove(Controllers.ObjectKey.Of(pod));
            }

            cluster.Jobs.Remove(Controllers.ObjectKey.Of(job));
        }
    }

    public static (TaskSpec Task, string Digest) Task(FakeCluster cluster, V1Job job)
    {
        var map = cluster.ConfigMaps.OnServer.Single(map => map.Metadata.Labels[Labels.Uid] == job.Metadata.Labels[Labels.Uid]);
        var json = Encoding.UTF8.GetBytes(map.Data[$"{job.Metadata.Labels[Labels.Stage]}.json"]);
        return (TaskJson.Deserialize<TaskSpec>(json), CanonicalJson.Digest(json));
    }

    private static TaskResult ResultOf(TaskSpec task, string digest)
    {
        var stage = task.PretrainStage?.Name;
        return new()
        {
            TaskDigest = digest,
            InputDigest = task.InputDigest,
            Kind = task.Kind,
            StartTime = DateTimeOffset.UnixEpoch,
            CompletionTime = DateTimeOffset.UnixEpoch.AddHours(1),
            RecordDigest = new string('7', 64),
            Training = stage is null ? null : new()
            {
                Steps = 100,
                FinalLoss = 0.5,
                Checkpoint = $"{stage}/checkpoints/step-00000100",
                WeightsDigest = new string('c', 64),
                Checkpoints =
                [
                    new() { Step = 50, Path = $"{stage}/checkpoints/step-00000050", Digest = new string('a', 64) },
                    new() { Step = 80, Path = $"{stage}/checkpoints/step-00000080", Digest = new string('b', 64), Best = true },
                    new() { Step = 100, Path = $"{stage}/checkpoints/step-00000100", Digest = new string('c', 64) },
                ],
            },
            Evaluation = stage is not null ? null : new() { Top1 = 0.5, Top5 = 0.8, MeanClassAccuracy = 0.4, Samples = 10, PeakRate = 0.1 },
        };
    }
}
