using System.Text;
using System.Text.Json;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ppma.Api;
using Ppma.Api.Conditions;
using Ppma.Api.Datasets;
using Ppma.Api.Tasks;
using Ppma.Controllers;
using Ppma.Controllers.Events;
using Ppma.Controllers.Reconciling;
using Ppma.Operator.Datasets;
using Ppma.Operator.Pods;
using Ppma.Operator.Runs;
using Ppma.Operator.Tests.Runs;

namespace Ppma.Operator.Tests.Datasets;

/// <summary>A cluster in memory with one VideoDataset and an operator that can be killed; pods do what a test says.</summary>
internal sealed class DatasetCluster : IEventRecorder, IObjectEvents
{
    public static readonly string Digest = new('d', 64);

    private static readonly ObjectKey Key = new("team", "figures");

    private VideoDatasetReconciler _reconciler;

    public DatasetCluster(VideoDatasetSpec? spec = null)
    {
        Datasets = new(Api) { Clock = Time };
        Jobs = new(Api) { Clock = Time };
        Pods = new(Api) { Clock = Time };
        Maps = new(Api) { Clock = Time };
        Accounts = new(Api) { Clock = Time };
        _reconciler = Start();
        Datasets.Put(new VideoDataset
        {
            Metadata = new() { Name = Key.Name, NamespaceProperty = Key.Namespace, Uid = "5c1a9d3e-0000-4000-8000-000000000001", Generation = 1 },
            Spec = spec ?? Attested(Digest),
        });
    }

    public FakeApi Api { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero));

    public FakeResources<VideoDataset> Datasets { get; }

    public FakeResources<V1Job> Jobs { get; }

    public FakeResources<V1Pod> Pods { get; }

    public FakeResources<V1ConfigMap> Maps { get; }

    public FakeResources<V1ServiceAccount> Accounts { get; }

    public List<string> Events { get; } = [];

    public List<Corev1Event> ObjectEvents { get; } = [];

    public VideoDataset Dataset => Datasets.OnServerAt(Key)!;

    public VideoDatasetStatus Status => Dataset.Status!;

    public DateTime Now => Time.GetUtcNow().UtcDateTime;

    public static VideoDatasetSpec Attested(string digest) => new()
    {
        Uri = "https://account.blob.core.windows.net/data/figures",
        Credentials = new() { Secret = new() { Name = "storage", Key = "sas" } },
        Humans = Humans.Synthetic,
        Attestation = new() { Method = "Rendered", By = "studio", When = DateTime.UnixEpoch, IndexDigest = digest },
    };

    public static DatasetOutcome Found(string? digest = null) => new()
    {
        Digest = digest ?? Digest,
        Samples = 48,
        Shards = 3,
        Bytes = 1 << 20,
        Classes = 8,
        ClassesDigest = new('c', 64),
        Humans = Humans.Synthetic,
        Splits = new Dictionary<string, long> { ["train"] = 40, ["test"] = 8 },
    };

    public Condition? Condition(ConditionType type) => Status.Conditions.Find(type);

    /// <summary>Ready as <c>status reason</c>.</summary>
    public string Ready => Condition(ConditionType.Ready) is { } ready ? $"{ready.Status} {ready.Reason}" : "";

    /// <summary>Looks until nothing is asked for at once, as the queue does.</summary>
    public async Task<TimeSpan?> SettleAsync()
    {
        for (var i = 0; i < 20; i++)
        {
            Datasets.Sync();
            Jobs.Sync();
            Pods.Sync();
            var result = await LookAsync();
            if (result.RequeueAfter is not { } wait || wait > TimeSpan.FromSeconds(1))
            {
                return result.RequeueAfter;
            }
        }

        throw new InvalidOperationException("It never rests.");
    }

    public Task<ReconcileResult> LookAsync() => _reconciler.ReconcileAsync(Key, TestContext.Current.CancellationToken);

    public Task<TimeSpan?> PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        return SettleAsync();
    }

    /// <summary>The operator's process ends, and another takes its place.</summary>
    public void Restart()
    {
        Api.Kill = null;
        _reconciler = Start();
    }

    public void Edit(Func<VideoDatasetSpec, VideoDatasetSpec> change)
    {
        var now = Dataset;
        now.Metadata.Generation++;
        Datasets.Put(new() { Metadata = now.Metadata, Spec = change(now.Spec), Status = now.Status });
    }

    public void Annotate(string key, string value)
    {
        var now = Dataset;
        now.Metadata.Annotations = new Dictionary<string, string>(now.Metadata.Annotations ?? new Dictionary<string, string>()) { [key] = value };
        Datasets.Put(now);
    }

    public V1Job Job() => Jobs.OnServer.OrderBy(job => job.Metadata.CreationTimestamp).ThenBy(job => job.Metadata.Name, StringComparer.Ordinal).Last();

    /// <summary>The pod of the last Job, waiting to be started on a node.</summary>
    public V1Pod Pod(V1ContainerState? state = null, string phase = "Pending")
    {
        var job = Job();
        return Pods.Put(new V1Pod
        {
            Metadata = new()
            {
                Name = $"{job.Metadata.Name}-x",
                NamespaceProperty = job.Metadata.NamespaceProperty,
                CreationTimestamp = job.Metadata.CreationTimestamp,
                Labels = job.Spec.Template.Metadata.Labels,
                OwnerReferences = [new() { Uid = job.Metadata.Uid, Kind = "Job", Name = job.Metadata.Name, ApiVersion = "batch/v1", Controller = true }],
            },
            Spec = new() { NodeName = "node-1", Containers = [new() { Name = "worker" }] },
            Status = new() { Phase = phase, ContainerStatuses = [new() { Name = "worker", State = state ?? new() }] },
        });
    }

    /// <summary>The last Job's worker ends.</summary>
    public void End(int exitCode, TerminationMessage? message)
    {
        var json = message is null ? null : Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(message, TaskJson.Options));
        Pod(new() { Terminated = new() { ExitCode = exitCode, FinishedAt = Now, StartedAt = Now, Message = json } }, exitCode == 0 ? "Succeeded" : "Failed");
        var job = Job();
        job.Status = new() { Conditions = [new() { Type = exitCode == 0 ? "Complete" : "Failed", Status = "True", LastTransitionTime = Now }] };
        Jobs.Put(job);
    }

    public void Succeed(DatasetOutcome? found = null) => End(0, new()
    {
        Result = new()
        {
            TaskDigest = new('0', 64),
            InputDigest = new('0', 64),
            Kind = TaskKind.VerifyDataset,
            StartTime = Time.GetUtcNow(),
            CompletionTime = Time.GetUtcNow(),
            Dataset = found ?? Found(),
        },
    });

    public void Fail(int exitCode, string message) =>
        End(exitCode, new() { Error = new(exitCode, ExitCodes.Reason(exitCode), message) });

    /// <summary>Applied, verified and Ready.</summary>
    public async Task<DatasetCluster> VerifiedAsync()
    {
        await SettleAsync();
        Succeed();
        await SettleAsync();
        return this;
    }

    void IEventRecorder.Record(k8s.IKubernetesObject<V1ObjectMeta> about, EventSeverity severity, string reason, string message) =>
        Events.Add($"{severity} {reason}: {message}");

    Task<IReadOnlyList<Corev1Event>> IObjectEvents.ListAsync(V1ObjectMeta about, CancellationToken cancellationToken)
    {
        ObjectEvents.ForEach(one => one.InvolvedObject = new() { Uid = about.Uid });
        return Task.FromResult<IReadOnlyList<Corev1Event>>(ObjectEvents);
    }

    private VideoDatasetReconciler Start() => new(
        Datasets,
        new DatasetReader(Jobs, Pods, this, Time),
        new DatasetActions(Jobs, Pods, Maps, new PodReview(Accounts, new PodSettings(), Time), new PodSettings(), "registry.example/ppma-worker:1"),
        this,
        NullLogger<VideoDatasetReconciler>.Instance);
}
