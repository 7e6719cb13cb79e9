using System.Diagnostics;
using k8s.Models;
using Ppma.Api.Tasks;
using Ppma.Testing.Kubernetes;

namespace Ppma.Benchmarks.Operating;

/// <summary>One run at a time on an idle system: from its creation to its Job, and from the end of its pod to its status.</summary>
internal static class LatencyBenchmark
{
    private const int Creations = 600;
    private const int Ends = 200;

    public static async Task CreationAsync(KubernetesServer server)
    {
        await using OperatorProcess @operator = await OperatorProcess.StartAsync(server);
        SampleRuns runs = await SampleRuns.InNewNamespaceAsync(server, "latency");
        await using Seen jobs = Seen.Jobs(server, runs.Namespace);
        var times = new List<double>();
        for (int i = -20; i < Creations; i++)
        {
            string name = i < 0 ? $"warm-{-i}" : $"run-{i}";
            await runs.CreateAsync(name);
            long created = Stopwatch.GetTimestamp();
            long seen = await jobs.WhenAsync(name);
            if (i >= 0)
            {
                times.Add(Math.Max(0, Stopwatch.GetElapsedTime(created, seen).TotalMilliseconds));
            }

            // Idle again: its status and event are written.
            await Task.Delay(40);
        }

        Percentiles.Print("run created → its Job exists, idle", times, "p50 ≤ 50 ms, p99 ≤ 250 ms");
    }

    public static async Task EndAsync(KubernetesServer server)
    {
        await using OperatorProcess @operator = await OperatorProcess.StartAsync(server);
        SampleRuns runs = await SampleRuns.InNewNamespaceAsync(server, "end");
        var kubelet = new TestKubelet(server.Client, runs.Namespace);
        await using Seen jobs = Seen.Jobs(server, runs.Namespace);
        await using Seen ended = Seen.Succeeded(server, runs.Namespace);
        var times = new List<double>();
        for (int i = 0; i < Ends; i++)
        {
            string name = $"run-{i}";
            await runs.CreateAsync(name);
            await jobs.WhenAsync(name);
            V1Job job = (await k8s.BatchV1OperationsExtensions.ListNamespacedJobAsync(server.Client.BatchV1, runs.Namespace)).Items.Single(job => job.Metadata.OwnerReferences[0].Name == name);
            V1Pod pod = await kubelet.PodOfAsync(job.Metadata.Name);
            await kubelet.StartAsync(pod);
            string message = await ResultAsync(server, runs.Namespace, job);
            long end = Stopwatch.GetTimestamp();
            await kubelet.EndAsync(pod, ContainerEnd.Done(message));
            times.Add(Stopwatch.GetElapsedTime(end, await ended.WhenAsync(name)).TotalMilliseconds);
        }

        Percentiles.Print("pod ends → the run's status has the result", times, "p99 ≤ 2,000 ms");
    }

    // What the worker would say of the task that it was given.
    private static async Task<string> ResultAsync(KubernetesServer server, string @namespace, V1Job job)
    {
        V1Volume volume = job.Spec.Template.Spec.Volumes.First(volume => volume.ConfigMap is not null);
        V1ConfigMap tasks = await k8s.CoreV1OperationsExtensions.ReadNamespacedConfigMapAsync(server.Client.CoreV1, volume.ConfigMap.Name, @namespace);
        byte[] task = System.Text.Encoding.UTF8.GetBytes(tasks.Data[volume.ConfigMap.Items[0].Key]);
        TaskSpec spec = TaskJson.ReadTask(task, "task.json");
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return System.Text.Encoding.UTF8.GetString(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new TerminationMessage
        {
            Result = new()
            {
                TaskDigest = TaskJson.Digest(task), InputDigest = spec.InputDigest, Kind = spec.Kind, StartTime = now, CompletionTime = now,
                Training = new() { Steps = 10, FinalLoss = 0.5, Checkpoint = "mae/checkpoints/step-00000010", WeightsDigest = new string('a', 64) },
            },
        }, TaskJson.Options));
    }
}
