using System.Text.Json;
using k8s;
using Ppma.Api.Conditions;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;
using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Schemas;

public sealed class ResourcesAtTheServerTests(KubernetesFixture fixture) : IAsyncLifetime
{
    private const string Run = """
        apiVersion: ppma.cloud/v1alpha1
        kind: PretrainRun
        metadata: {name: run}
        spec:
          stages:
          - {name: mae, objective: MaskedAutoencoding, preset: mae-mini, datasets: [{name: context}]}
        """;

    private KubernetesServer _server = null!;
    private GenericClient _runs = null!;
    private ResourceEndpoint _endpoint = null!;
    private string _space = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await fixture.GetServerAsync();
        _space = await _server.CreateNamespaceAsync("resources", Token);
        _endpoint = new ResourceEndpoint(_server, _space);
        _runs = new GenericClient(_server.Client, "ppma.cloud", "v1alpha1", "pretrainruns", disposeClient: false);
        Assert.Null(await _endpoint.CreateAsync("pretrainruns", Run, dryRun: false, Token));
    }

    public ValueTask DisposeAsync()
    {
        _runs?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Resource_ThatNoOperatorSaw_DoesNotLookDone()
    {
        var run = await ReadAsync();

        Assert.Equal((-1L, 1L), (run.Status!.ObservedGeneration, run.Metadata.Generation));
        Assert.Empty(run.Status.Conditions);
    }

    [Fact]
    public async Task Spec_WithTheServersDefaults_IsTheOneOfTheTypes()
    {
        var run = await ReadAsync();
        var here = KubernetesYaml.Deserialize<PretrainRun>(Run);

        Assert.Equal(KubernetesJson.Serialize(here.Spec), KubernetesJson.Serialize(run.Spec));
    }

    [Fact]
    public async Task Status_WithEveryField_ComesBackWhole()
    {
        var run = await ReadAsync();
        run.Status = new RunStatus
        {
            ObservedGeneration = 1,
            Conditions = Array.Empty<Api.Condition>().With(
                ConditionType.Ready, ConditionStatus.Unknown, Reason.Running, "Stage mae runs: step 30 of 100.", 1, DateTimeOffset.UnixEpoch),
            ArtifactsUri = "file:///artifacts/ns/run/0badcafe/",
            Stages =
            [
                new StageStatus
                {
                    Name = "mae", State = StageState.Running, Attempt = 2, JobRef = new() { Name = "run-mae-0badca-a2" },
                    Progress = new ProgressStatus { Percent = 30.4, Step = 30, TotalSteps = 100, Loss = 0.51239, Eta = new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc) },
                    Checkpoint = new CheckpointStatus { Path = "mae/checkpoints/step-25", Digest = new string('d', 64), Step = 25 },
                },
            ],
            Restarts = new RestartStatus { Infrastructure = 1, Last = new LastRestart { Cause = nameof(Reason.NodeLost), Node = "gpu-3" } },
            Usage = new UsageStatus { GpuSeconds = 1234.5, WastedGpuSeconds = 20 },
        };

        using var answer = await _server.Http.PutAsync(
            $"apis/ppma.cloud/v1alpha1/namespaces/{_space}/pretrainruns/run/status",
            new StringContent(KubernetesJson.Serialize(run), System.Text.Encoding.UTF8, "application/json"),
            Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
        var stored = await ReadAsync();
        var shown = await _endpoint.ShowAsync("pretrainruns", "run", Token);

        Assert.Equal(KubernetesJson.Serialize(run.Status), KubernetesJson.Serialize(stored.Status));
        Assert.Equal(
            ("Unknown", "Running", "mae", "30%", "2026-01-31T12:00:00Z", "1", "2", "0.5124", "1234.5"),
            (shown["Ready"], shown["Reason"], shown["Stage"], shown["Progress"], shown["ETA"], shown["Restarts"], shown["Attempt"], shown["Loss"], shown["GPU seconds"]));
    }

    [Fact]
    public async Task Kinds_OfTheCategory_AreListedTogether()
    {
        using var resources = JsonDocument.Parse(await _server.Http.GetStringAsync("apis/ppma.cloud/v1alpha1", Token));

        var listed = resources.RootElement.GetProperty("resources").EnumerateArray()
            .Where(resource => resource.TryGetProperty("categories", out var categories) && categories.EnumerateArray().Any(category => category.GetString() == "ppma"))
            .Select(resource => $"{resource.GetProperty("kind").GetString()} {resource.GetProperty("shortNames")[0].GetString()}");

        Assert.Equal(["EvalRun evr", "PretrainRun ptr", "VideoDataset vds"], listed.Order(StringComparer.Ordinal));
    }

    private Task<PretrainRun> ReadAsync() => _runs.ReadNamespacedAsync<PretrainRun>(_space, "run", Token);
}
