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
}
