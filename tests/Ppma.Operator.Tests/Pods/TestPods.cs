using System.Text.Json;
using Ppma.Api;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Tests.Pods;

/// <summary>Runs whose pods are looked at.</summary>
internal static class TestPods
{
    public const string BlobUri = "https://account.blob.core.windows.net/videos/k150";
    public static readonly string[] Kinds = ["cpu", "gpu", "secrets", "files", "everything", "verify", "evaluate"];
    public static readonly RunIdentity Run = new("PretrainRun", "research", "ppma-paper", "7c1bb1f2-3ef0-4f7c-a1d3-111111111111");

    public static DatasetInput Dataset(string uri = BlobUri, string? credentials = null, string name = "k150") =>
        new() { Name = name, Uri = uri, Digest = new('d', 64), Humans = Humans.None, Credentials = credentials };

    public static OptimizationSpec Optimization { get; } = new() { Steps = 10, BatchSize = 2, Schedule = SchedulePreset.Mae, PeakRate = 1e-3 };

    public static TaskSpec Stage(
        string artifactsUri = "https://account.blob.core.windows.net/runs/x", string? artifactsCredentials = null, params DatasetInput[] datasets) => new()
    {
        Kind = TaskKind.PretrainStage,
        Run = Run,
        InputDigest = new('a', 64),
        ArtifactsUri = artifactsUri,
        ArtifactsCredentials = artifactsCredentials,
        PretrainStage = new()
        {
            Name = "mae",
            Index = 0,
            Objective = Objective.MaskedAutoencoding,
            Model = new(),
            Clip = new(),
            Datasets = datasets.Length == 0 ? [Dataset()] : datasets,
            Optimization = Optimization,
            Weights = new() { Source = WeightsSource.Random },
        },
    };

    public static JobRequest Request(TaskSpec? task = null, ComputeSettings? compute = null) => new()
    {
        Run = Run,
        Stage = "mae",
        Attempt = 2,
        Task = task ?? Stage(),
        Image = "registry.example/ppma-worker:1",
        Compute = compute ?? new() { GpusPerWorker = 1 },
    };

    public static JobPlan Plan(JobRequest? request = null) => JobBuilder.Build(request ?? Request(), new PodSettings());

    /// <summary>The plan with overrides, given as JSON.</summary>
    public static JobPlan PlanWith(string overrides, JobRequest? request = null)
    {
        var plain = request ?? Request();
        return Plan(plain with { Compute = plain.Compute with { PodTemplateOverrides = JsonSerializer.Deserialize<Dictionary<string, object>>(overrides) } });
    }

    /// <summary>A run of one of <see cref="Kinds"/>.</summary>
    public static JobRequest Of(string kind) => kind switch
    {
        "cpu" => Request(compute: new()),
        "gpu" => Request(),
        "secrets" => Request(Stage(artifactsCredentials: "store/sas", datasets: Dataset(credentials: "store/reader"))),
        "files" => Request(Stage(
            "file:///artifacts/research/ppma", null, Dataset("file:///data/k150"), Dataset("file:///data/sim/v2", name: "sim"))) with
        {
            Claims =
            [
                new("videos", "file:///data/k150", ReadOnly: true), new("videos", "file:///data/sim/", ReadOnly: true),
                new("runs", "file:///artifacts", ReadOnly: false),
            ],
        },
        "verify" => Request(Verify("a", "b"), new PodSettings().Verification) with { Run = new("VideoDataset", "research", "k150", "u"), Stage = "verify" },
        "evaluate" => Request(Evaluate("a", "b", "c", new() { Source = WeightsSource.Random })) with { Stage = "evaluate" },
        _ => Request(compute: new()
        {
            GpusPerWorker = 1,
            ServiceAccountName = "trainer",
            PriorityClassName = "high",
            RuntimeClassName = "nvidia",
            SchedulerName = "volcano",
            PullPolicy = PullPolicy.Always,
            PullSecrets = [new() { Name = "registry" }],
            NodeSelector = new Dictionary<string, string> { ["pool"] = "gpu" },
            Tolerations = [new() { Key = "spot", Operator = TolerationOperator.Exists, Effect = TaintEffect.NoSchedule }],
            TopologyKey = "topology.kubernetes.io/zone",
            ShmSize = "8Gi",
            Requests = new Dictionary<string, string> { ["cpu"] = "8" },
            Limits = new Dictionary<string, string> { ["memory"] = "64Gi" },
            PodLabels = new Dictionary<string, string> { ["team"] = "vision" },
            PodAnnotations = new Dictionary<string, string> { ["note"] = "x" },
        }),
    };

    public static TaskSpec Evaluate(string artifacts, string train, string test, WeightsInput weights) => Stage(artifactsCredentials: $"{artifacts}/k") with
    {
        Kind = TaskKind.Evaluate,
        PretrainStage = null,
        Evaluate = new()
        {
            Protocol = Ppma.Api.Protocol.LinearProbe,
            Model = new(),
            Clip = new(),
            Train = Dataset(credentials: $"{train}/k"),
            Test = Dataset(credentials: $"{test}/k"),
            Weights = weights,
            Optimization = Optimization,
        },
    };

    public static TaskSpec Verify(string artifacts, string dataset) => Stage(artifactsCredentials: $"{artifacts}/k") with
    {
        Kind = TaskKind.VerifyDataset,
        PretrainStage = null,
        VerifyDataset = new() { Name = "k150", Uri = BlobUri, Credentials = $"{dataset}/k" },
    };
}
