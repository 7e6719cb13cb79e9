using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ppma.Api;
using Ppma.Api.Conditions;
using Ppma.Api.Datasets;
using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;
using Ppma.Controllers;
using Ppma.Controllers.Events;
using Ppma.Controllers.Reconciling;
using Ppma.Controllers.Requests;
using Ppma.Operator.Pods;
using Ppma.Operator.Progress;
using Ppma.Operator.Runs;
using Prometheus;

namespace Ppma.Operator.Tests.Runs;

/// <summary>A cluster in memory with one operator, whose process can be killed and started again.</summary>
internal sealed class FakeCluster : IEventRecorder, IProgressSource, IObjectEvents
{
    private static readonly Dictionary<string, Func<PretrainRun, IEnumerable<string>>> PretrainIndexes = new()
    {
        [RunIndexes.ByDataset] = RunIndexes.Datasets, [RunIndexes.ByRun] = RunIndexes.Runs,
    };

    private static readonly Dictionary<string, Func<EvalRun, IEnumerable<string>>> EvalIndexes = new()
    {
        [RunIndexes.ByDataset] = RunIndexes.Datasets, [RunIndexes.ByRun] = RunIndexes.Runs,
    };

    private IReconciler<PretrainRun> _pretrain;
    private IReconciler<EvalRun> _eval;

    public FakeCluster(RunOptions? options = null)
    {
        Options = options ?? new RunOptions { WorkerImage = "registry.example/ppma-worker:1" };
        Datasets = new(Api);
        PretrainRuns = new(Api, PretrainIndexes);
        EvalRuns = new(Api, EvalIndexes);
        Jobs = new(Api) { Clock = Time };
        Pods = new(Api) { Clock = Time };
        ConfigMaps = new(Api) { Clock = Time };
        ServiceAccounts = new(Api);
        Jobs.HoldsDeletion = job => Pods.OnServer.Any(pod => pod.Metadata.OwnerReferences[0].Uid == job.Metadata.Uid);
        Resources = new RunResources
        {
            Datasets = Datasets, PretrainRuns = PretrainRuns, EvalRuns = EvalRuns,
            Jobs = Jobs, Pods = Pods, ConfigMaps = ConfigMaps,
        };
        (_pretrain, _eval) = Start();
    }

    public FakeApi Api { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public RunOptions Options { get; }

    public RunResources Resources { get; }

    public FakeResources<VideoDataset> Datasets { get; }

    public FakeResources<PretrainRun> PretrainRuns { get; }

    public FakeResources<EvalRun> EvalRuns { get; }

    public FakeResources<V1Job> Jobs { get; }

    public FakeResources<V1Pod> Pods { get; }

    public FakeResources<V1ConfigMap> ConfigMaps { get; }

    public FakeResources<V1ServiceAccount> ServiceAccounts { get; }

    public List<(EventSeverity Severity, string Reason, string Message)> Events { get; } = [];

    /// <summary>What the worker of any attempt last said.</summary>
    public ProgressSnapshot? Progress { get; set; }

    /// <summary>What Prometheus would read.</summary>
    public CollectorRegistry Metrics { get; } = global::Prometheus.Metrics.NewCustomRegistry();

    /// <summary>What listing an object's Events finds.</summary>
    public List<Corev1Event> ObjectEvents { get; } = [];

    public DateTime Now => Time.GetUtcNow().UtcDateTime;

    public void Record(k8s.IKubernetesObject<V1ObjectMeta> about, EventSeverity severity, string reason, string message) => Events.Add((severity, reason, message));

    public ProgressSnapshot? Find(AttemptKey attempt) => Progress;

    public Task<IReadOnlyList<Corev1Event>> ListAsync(V1ObjectMeta about, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Corev1Event>>([.. ObjectEvents.Select(one => { one.InvolvedObject = new() { Uid = about.Uid }; return one; })]);

    /// <summary>The operator's process ends, and another takes its place that remembers nothing.</summary>
    public void Restart()
    {
        Api.Kill = null;
        (_pretrain, _eval) = Start();
    }

    public void Sync()
    {
        Datasets.Sync();
        PretrainRuns.Sync();
        EvalRuns.Sync();
        Jobs.Sync();
        Pods.Sync();
    }

    /// <summary>One look, the caches as they are.</summary>
    public Task<ReconcileResult> LookAsync(IResource run) => run is EvalRun
        ? _eval.ReconcileAsync(ObjectKey.Of(run), TestContext.Current.CancellationToken)
        : _pretrain.ReconcileAsync(ObjectKey.Of(run), TestContext.Current.CancellationToken);

    /// <summary>Looks until nothing is asked for at once, as the queue does.</summary>
    public async Task<ReconcileResult> SettleAsync(IResource run)
    {
        for (var i = 0; i < 50; i++)
        {
            Sync();
            ReconcileResult result;
            try
            {
                result = await LookAsync(run);
            }
            catch (ApiException conflict) when (conflict.Conflict)
            {
                continue;
            }

            if (result.RequeueAfter is not { } wait || wait > TimeSpan.FromSeconds(1))
            {
                return result;
            }
        }

        throw new InvalidOperationException("It never rests.");
    }

    /// <summary>Time passes, and then it is looked at.</summary>
    public Task<ReconcileResult> PassAsync(TimeSpan time, IResource run)
    {
        Time.Advance(time);
        return SettleAsync(run);
    }

    public RunStatus StatusOf(IResource run) => run is EvalRun
        ? EvalRuns.OnServerAt(ObjectKey.Of(run))!.Status ?? new EvalRunStatus()
        : PretrainRuns.OnServerAt(ObjectKey.Of(run))!.Status ?? new RunStatus();

    public Condition? Condition(IResource run, ConditionType type) => StatusOf(run).Conditions.Find(type);

    public PretrainRun Apply(PretrainRun run) => PretrainRuns.Put(run);

    public EvalRun Apply(EvalRun run) => EvalRuns.Put(run);

    /// <summary>A person edits the spec.</summary>
    public PretrainRun Edit(PretrainRun run, Func<PretrainRunSpec, PretrainRunSpec> change)
    {
        var now = PretrainRuns.OnServerAt(ObjectKey.Of(run))!;
        var metadata = k8s.KubernetesJson.Deserialize<V1ObjectMeta>(k8s.KubernetesJson.Serialize(now.Metadata));
        metadata.Generation++;
        return PretrainRuns.Put(new PretrainRun { Metadata = metadata, Spec = change(now.Spec), Status = now.Status });
    }

    private (IReconciler<PretrainRun>, IReconciler<EvalRun>) Start()
    {
        var reader = new RunReader(Resources, this, this, Options, Time);
        var settings = new PodSettings();
        var actions = new RunActions(Resources, reader, new RunJobs(Options, settings), new PodReview(ServiceAccounts, settings, Time));
        var counters = new RunCounters(Metrics, Time);
        return (
            new RunReconciler<PretrainRun>(PretrainRuns, reader, actions, counters, this, NullLogger<RunReconciler<PretrainRun>>.Instance),
            new RunReconciler<EvalRun>(EvalRuns, reader, actions, counters, this, NullLogger<RunReconciler<EvalRun>>.Instance));
    }
}
