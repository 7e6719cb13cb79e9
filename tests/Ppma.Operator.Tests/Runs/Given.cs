using k8s.Models;
using Ppma.Api;
using Ppma.Api.Datasets;
using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;
using Condition = Ppma.Api.Condition;

namespace Ppma.Operator.Tests.Runs;

/// <summary>Resources as people write them, small.</summary>
internal static class Given
{
    public const string Namespace = "demo";

    private static readonly string Digest = new('d', 64);

    private static readonly Credentials Key = new() { Secret = new() { Name = "storage", Key = "key" } };

    /// <summary>A verified data set without humans.</summary>
    public static VideoDataset Dataset(string name = "clips", Humans humans = Humans.None, string? attested = null, bool ready = true) => new()
    {
        Metadata = Metadata(name),
        Spec = new()
        {
            Uri = "https://acme.blob.core.windows.net/data/clips",
            Credentials = Key,
            Humans = humans,
            Attestation = humans == Humans.Real ? null : new() { Method = "none", By = "tester", When = DateTime.UnixEpoch, IndexDigest = attested ?? Digest },
        },
        Status = new()
        {
            ObservedGeneration = 1,
            VerifiedGeneration = 1,
            Digest = Digest,
            Humans = humans,
            Classes = 2,
            ClassesDigest = new string('e', 64),
            Splits = new Dictionary<string, long> { ["train"] = 1000, ["test"] = 100 },
            Conditions = [new Condition { Type = "Ready", Status = ready ? "True" : "False", Reason = ready ? "DatasetVerified" : "VerificationFailed", Message = "the index cannot be read" }],
        },
    };

    /// <summary>A PretrainRun of so many MAE stages on the data set <c>clips</c>.</summary>
    public static PretrainRun Pretrain(string name = "run", int stages = 1, Func<PretrainRunSpec, PretrainRunSpec>? change = null)
    {
        var spec = new PretrainRunSpec
        {
            Model = new() { Preset = "vit-mini" },
            Stages = [.. Enumerable.Range(1, stages).Select(i => new StageSpec
            {
                Name = i == 1 ? "mae" : $"mae{i}",
                Objective = Objective.MaskedAutoencoding,
                Preset = "mae-mini",
                Steps = 100,
                Datasets = [new() { Name = "clips", Split = "train" }],
            })],
            Artifacts = new() { Uri = "https://acme.blob.core.windows.net/runs", Credentials = Key },
        };
        return new() { Metadata = Metadata(name), Spec = change is null ? spec : change(spec) };
    }

    public static EvalRun Eval(string name = "trial", string from = "run", Func<EvalRunSpec, EvalRunSpec>? change = null)
    {
        var spec = new EvalRunSpec
        {
            Weights = new() { FromRun = new() { Name = from } },
            Dataset = new() { Name = "clips" },
            Protocol = Protocol.LinearProbe,
            Preset = "linear-probe-mini",
            Artifacts = new() { Uri = "https://acme.blob.core.windows.net/runs", Credentials = Key },
        };
        return new() { Metadata = Metadata(name), Spec = change is null ? spec : change(spec) };
    }

    private static V1ObjectMeta Metadata(string name) => new()
    {
        Name = name, NamespaceProperty = Namespace, Generation = 1, CreationTimestamp = new DateTime(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc),
    };
}
