using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using Ppma.Api;
using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;
using Ppma.Api.Schemas;

namespace Ppma.Operator.Runs;

/// <summary>
/// What differs between a run's spec and the one it was admitted with. Where the API server knows CEL it refuses such a change; where it does not,
/// the run goes on as it was admitted, and says so.
/// </summary>
internal static class SpecChanges
{
    /// <summary>The spec as it is frozen.</summary>
    public static JsonElement Freeze(IResource run) => JsonSerializer.SerializeToElement(JsonNode.Parse(Serialize(Spec(run))));

    /// <summary>The run with the spec it was admitted with: what its pods are made from.</summary>
    public static RunView Thaw(RunView run, JsonElement frozen) => run.Resource switch
    {
        PretrainRun pretrain => RunView.Of(new PretrainRun { Metadata = pretrain.Metadata, Spec = Read<PretrainRunSpec>(frozen), Status = pretrain.Status }),
        EvalRun eval => RunView.Of(new EvalRun { Metadata = eval.Metadata, Spec = Read<EvalRunSpec>(frozen), Status = eval.Status }),
        _ => throw new ArgumentException($"{run.Kind} is not a run.", nameof(run)),
    };

    /// <returns>Each field that may not change and did, with what it was and what it is.</returns>
    public static IReadOnlyList<string> Between(JsonElement frozen, RunView run) => FrozenFields.Changed(Thaw(run, frozen).Settings, run.Settings);

    private static RunSettings Spec(IResource run) => RunView.Of(run).Settings;

    // By the spec's own type: the base's members alone would miss what is computed.
    private static string Serialize(RunSettings spec) => spec is PretrainRunSpec pretrain ? KubernetesJson.Serialize(pretrain) : KubernetesJson.Serialize((EvalRunSpec)spec);

    private static T Read<T>(JsonElement json) => KubernetesJson.Deserialize<T>(json.GetRawText());
}
