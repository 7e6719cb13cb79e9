using k8s.Models;
using Ppma.Testing.Kubernetes;

namespace Ppma.Benchmarks.Operating;

/// <summary>The requests that a run costs the operator, made by hand without looking at anything: ConfigMap, Job, status, event.</summary>
internal sealed class BareClient(KubernetesServer server, string @namespace)
{
    private const string Group = "ppma.cloud";

    private static readonly string Task = new('x', 3000);

    /// <summary>After <paramref name="created"/>, the run as the server answered its creation.</summary>
    public async Task<string> StartAsync(string created)
    {
        var run = k8s.KubernetesJson.Deserialize<Ppma.Api.Pretraining.PretrainRun>(created);
        string name = run.Metadata.Name;
        var owner = new V1OwnerReference { ApiVersion = run.ApiVersion, Kind = run.Kind, Name = name, Uid = run.Metadata.Uid, Controller = true, BlockOwnerDeletion = true };
        var labels = new Dictionary<string, string> { [$"{Group}/uid"] = run.Metadata.Uid, ["app.kubernetes.io/managed-by"] = "bare" };
        await server.Http.SendAsync(HttpMethod.Post, $"api/v1/namespaces/{@namespace}/configmaps", new V1ConfigMap
        {
            Metadata = new() { Name = $"{name}-tasks", OwnerReferences = [owner], Labels = labels },
            Immutable = true,
            Data = new Dictionary<string, string> { ["mae.json"] = Task, ["run.json"] = Task[..300] },
        });
        string job = $"{name}-mae-a1";
        await server.Http.SendAsync(HttpMethod.Post, $"apis/batch/v1/namespaces/{@namespace}/jobs", Job(job, owner, labels));
        run.Status = new() { ObservedGeneration = 1, Stages = [new() { Name = "mae", Attempt = 1, JobRef = new() { Name = job } }], TaskDigest = new string('0', 64) };
        await server.Http.SendAsync(HttpMethod.Put, $"apis/{Group}/v1alpha1/namespaces/{@namespace}/pretrainruns/{name}/status", run);
        await server.Http.SendAsync(HttpMethod.Post, $"apis/events.k8s.io/v1/namespaces/{@namespace}/events", new Eventsv1Event
        {
            Metadata = new() { Name = $"{name}.{run.Metadata.Uid[..8]}" },
            EventTime = TimeProvider.System.GetUtcNow().UtcDateTime,
            ReportingController = "bare", ReportingInstance = "bare", Action = "Start", Reason = "Started", Type = "Normal", Note = "It starts.",
            Regarding = new() { ApiVersion = run.ApiVersion, Kind = run.Kind, Name = name, NamespaceProperty = @namespace, Uid = run.Metadata.Uid },
        });
        return job;
    }

    private static V1Job Job(string name, V1OwnerReference owner, Dictionary<string, string> labels) => new()
    {
        Metadata = new() { Name = name, OwnerReferences = [owner], Labels = labels },
        Spec = new()
        {
            BackoffLimit = 0,
            Template = new()
            {
                Metadata = new() { Labels = labels },
                Spec = new()
                {
                    RestartPolicy = "Never",
                    AutomountServiceAccountToken = false,
                    Containers = [new() { Name = "worker", Image = "worker", Args = ["--task", "/ppma/task/task.json"], VolumeMounts = [new() { Name = "task", MountPath = "/ppma/task" }] }],
                    Volumes = [new() { Name = "task", ConfigMap = new() { Name = owner.Name + "-tasks" } }],
                },
            },
        },
    };
}
