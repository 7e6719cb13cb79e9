using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;
using Ppma.Api;
using Ppma.Api.Resolution;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Runs;

/// <summary>
/// What a run computes, fixed at its admission: every stage's task, byte for byte, the worker image, and the spec it was admitted with. They lie
/// in one immutable ConfigMap, made by one request, so that either everything is frozen or nothing.
/// </summary>
/// <param name="Image">The worker image of every attempt.</param>
/// <param name="Resolved">The tasks, in the order of the stages.</param>
/// <param name="Spec">The spec as it was admitted.</param>
/// <param name="Claims">The volumes that the tasks' files lie on.</param>
/// <param name="Warnings">What a person should know although the run can start.</param>
internal sealed record FrozenTasks(
    string Image, ResolvedRun Resolved, JsonElement Spec, IReadOnlyList<MountedClaim> Claims, IReadOnlyList<string> Warnings)
{
    private const string RunFile = "run.json";

    // What etcd takes of one object, less what the rest of it needs.
    private const int MostBytes = 1_000_000;

    public ResolvedTask Task(string stage) => Resolved.Tasks.First(task => task.Name == stage);

    /// <summary>The ConfigMap to create.</summary>
    /// <exception cref="InvalidDataException">It would be larger than the API server takes.</exception>
    public V1ConfigMap ToConfigMap(RunView run)
    {
        var data = Resolved.Tasks.ToDictionary(task => FileOf(task.Name), task => Encoding.UTF8.GetString(task.Json.Span), StringComparer.Ordinal);
        data[RunFile] = KubernetesJson.Serialize(new RunFileContent
        {
            WorkerImage = Image,
            InputDigest = Resolved.InputDigest,
            ArtifactsUri = Resolved.ArtifactsUri,
            Privacy = Resolved.Privacy,
            Claims = [.. Claims.Select(claim => new ClaimContent { Claim = claim.Claim, Uri = claim.Uri, ReadOnly = claim.ReadOnly })],
            Warnings = [.. Warnings],
            Stages = [.. Resolved.Tasks.Select(task => task.Name)],
            Spec = Spec,
        });
        var bytes = data.Values.Sum(Encoding.UTF8.GetByteCount);
        return bytes > MostBytes
            ? throw new InvalidDataException($"the run's tasks take {bytes} bytes, and a ConfigMap holds {MostBytes}; shorten spec.compute.podTemplateOverrides or the lists in the spec")
            : new()
            {
                ApiVersion = V1ConfigMap.KubeApiVersion,
                Kind = V1ConfigMap.KubeKind,
                Metadata = new()
                {
                    Name = Names.Tasks(run.Identity),
                    NamespaceProperty = run.Namespace,
                    Labels = Labels.Of(run.Identity),
                    Annotations = Labels.Annotations(run.Identity),
                    OwnerReferences = [Labels.Owner(run.Identity)],
                },
                Immutable = true,
                Data = data,
            };
    }

    /// <exception cref="InvalidDataException">It is not a ConfigMap that this or an earlier operator made.</exception>
    public static FrozenTasks From(V1ConfigMap map, RunIdentity run)
    {
        try
        {
            var file = KubernetesJson.Deserialize<RunFileContent>(map.Data[RunFile]);
            return new(
                file.WorkerImage,
                new ResolvedRun
                {
                    Identity = run,
                    InputDigest = file.InputDigest,
                    ArtifactsUri = file.ArtifactsUri,
                    Privacy = file.Privacy,
                    Tasks = [.. file.Stages.Select(stage => Task(stage, map.Data[FileOf(stage)]))],
                },
                file.Spec,
                [.. file.Claims.Select(claim => new MountedClaim(claim.Claim, claim.Uri, claim.ReadOnly))],
                [.. file.Warnings]);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or NullReferenceException)
        {
            throw new InvalidDataException(
                $"ConfigMap {map.Metadata.NamespaceProperty}/{map.Metadata.Name} holds no tasks of {run.Kind} {run.Name} that this version reads: {problem.Message}", problem);
        }
    }

    private static ResolvedTask Task(string name, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        return new(name, TaskJson.Deserialize<TaskSpec>(bytes), bytes, CanonicalJson.Digest(bytes));
    }

    private static string FileOf(string stage) => $"{stage}.json";

    private sealed record RunFileContent
    {
        public string WorkerImage { get; init; } = "";

        public string InputDigest { get; init; } = "";

        public string ArtifactsUri { get; init; } = "";

        public PrivacyStatus? Privacy { get; init; }

        public IList<ClaimContent> Claims { get; init; } = [];

        public IList<string> Warnings { get; init; } = [];

        public IList<string> Stages { get; init; } = [];

        public JsonElement Spec { get; init; }
    }

    private sealed record ClaimContent
    {
        public string Claim { get; init; } = "";

        public string Uri { get; init; } = "";

        public bool ReadOnly { get; init; }
    }
}
