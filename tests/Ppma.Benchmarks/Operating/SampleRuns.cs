using k8s;
using Ppma.Api;
using Ppma.Api.Conditions;
using Ppma.Api.Datasets;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;
using Ppma.Testing.Kubernetes;

namespace Ppma.Benchmarks.Operating;

/// <summary>Runs of one stage over one data set that is verified already, so that nothing keeps them from starting.</summary>
internal sealed class SampleRuns(KubernetesServer server, string @namespace)
{
    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Dataset = "context";

    public string Namespace => @namespace;

    private string Runs => $"apis/ppma.cloud/v1alpha1/namespaces/{@namespace}/pretrainruns";

    public static async Task<SampleRuns> InNewNamespaceAsync(KubernetesServer server, string purpose) =>
        await WithDatasetAsync(new SampleRuns(server, await server.CreateNamespaceAsync(purpose)));

    /// <summary>In a server that makes no pods, and no service accounts for them.</summary>
    public static async Task<SampleRuns> InBareNamespaceAsync(KubernetesServer server, string name)
    {
        await server.Http.SendAsync(HttpMethod.Post, "api/v1/namespaces", new k8s.Models.V1Namespace { Metadata = new() { Name = name } });
        return await WithDatasetAsync(new SampleRuns(server, name));
    }

    private static async Task<SampleRuns> WithDatasetAsync(SampleRuns runs)
    {
        await runs.CreateDatasetAsync();
        return runs;
    }

    public Task<string> CreateAsync(string name) => server.Http.SendAsync(HttpMethod.Post, Runs, Run(name));

    /// <summary>As the operator leaves a run that ended well.</summary>
    public async Task CreateFinishedAsync(string name)
    {
        var run = KubernetesJson.Deserialize<PretrainRun>(await CreateAsync(name));
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        run.Status = new RunStatus
        {
            ObservedGeneration = 1,
            StartTime = now,
            CompletionTime = now,
            ArtifactsUri = $"https://account.blob.core.windows.net/artifacts/{@namespace}/{name}/{run.Metadata.Uid[..8]}/",
            TaskDigest = Digest,
            InputDigest = Digest,
            Restarts = new(),
            Usage = new() { GpuSeconds = 1234.5 },
            Privacy = new() { Decision = PrivacyDecision.Passed, Inputs = [new() { Kind = "VideoDataset", Name = Dataset, Digest = Digest, Humans = Humans.None, AttestedBy = "benchmark" }] },
            Stages = [
                new()
                {
                    Name = "mae", State = StageState.Succeeded, Attempt = 1, TaskDigest = Digest, InputDigest = Digest, StartTime = now, CompletionTime = now,
                    JobRef = new() { Name = $"{name}-mae-0abcde-a1" },
                    Progress = new() { Percent = 100, Epoch = 20, Step = 1000, TotalSteps = 1000, Rate = 650, Loss = 0.87, LastProgressTime = now },
                    Checkpoint = new() { Path = "mae/checkpoints/step-00001000", Digest = Digest, Step = 1000 },
                },
            ],
            Conditions = [.. new[]
            {
                (ConditionType.Ready, Reason.Completed), (ConditionType.SpecAccepted, Reason.SpecValid), (ConditionType.DatasetsReady, Reason.DatasetsVerified),
                (ConditionType.PrivacyGatePassed, Reason.PrivacyGatePassed), (ConditionType.Admitted, Reason.TasksFrozen), (ConditionType.Succeeded, Reason.Completed),
            }.Select(condition => new Condition
            {
                Type = condition.Item1.ToString(), Status = "True", Reason = condition.Item2.ToString(),
                Message = "What a person reads about it.", LastTransitionTime = now, ObservedGeneration = 1,
            })],
        };
        await server.Http.SendAsync(HttpMethod.Put, $"{Runs}/{name}/status", run);
    }

    private static PretrainRun Run(string name) => new()
    {
        Metadata = new() { Name = name },
        Spec = new()
        {
            Model = new() { Preset = "vit-mini" },
            Artifacts = new() { Uri = "https://account.blob.core.windows.net/artifacts", Credentials = new() { Secret = new() { Name = "storage", Key = "sas" } } },
            Stages = [new() { Name = "mae", Objective = Objective.MaskedAutoencoding, Preset = "mae-mini", Datasets = [new() { Name = Dataset }] }],
        },
    };

    private async Task CreateDatasetAsync()
    {
        string path = $"apis/ppma.cloud/v1alpha1/namespaces/{@namespace}/videodatasets";
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var dataset = KubernetesJson.Deserialize<VideoDataset>(await server.Http.SendAsync(HttpMethod.Post, path, new VideoDataset
        {
            Metadata = new() { Name = Dataset },
            Spec = new()
            {
                Uri = "https://account.blob.core.windows.net/data/context",
                Humans = Humans.None,
                Credentials = new() { Secret = new() { Name = "storage", Key = "sas" } },
                Attestation = new() { Method = "Rendered without figures", By = "benchmark", When = now, IndexDigest = Digest },
            },
        }));
        dataset.Status = new()
        {
            ObservedGeneration = 1, VerifiedGeneration = 1, Digest = Digest, Samples = 3000, Shards = 3, Bytes = 1 << 20, Classes = 8, ClassesDigest = Digest,
            Splits = new Dictionary<string, long> { ["train"] = 3000 }, Humans = Humans.None, LastVerifiedTime = now, Attempt = 1,
            Conditions = [.. new[] { (ConditionType.Ready, Reason.DatasetVerified), (ConditionType.Verified, Reason.DatasetVerified), (ConditionType.Attested, Reason.AttestationMatches) }
                .Select(condition => new Condition
                {
                    Type = condition.Item1.ToString(), Status = "True", Reason = condition.Item2.ToString(), Message = "As attested.", LastTransitionTime = now, ObservedGeneration = 1,
                })],
        };
        await server.Http.SendAsync(HttpMethod.Put, $"{path}/{Dataset}/status", dataset);
    }
}
