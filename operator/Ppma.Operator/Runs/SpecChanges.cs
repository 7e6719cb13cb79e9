using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using Ppma.Api;
using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;

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
    public static IReadOnlyList<string> Between(JsonElement frozen, RunView run)
    {
        var before = Thaw(run, frozen);
        var differences = new List<string>();
        Compare(JsonNode.Parse(Serialize(Fixed(before.Resource))), JsonNode.Parse(Serialize(Fixed(run.Resource))), "spec", differences);
        differences.AddRange(Lowered(before.Settings, run.Settings));
        if (before.Settings.Cancel && !run.Settings.Cancel)
        {
            differences.Add("spec.cancel was true, and is taken back");
        }

        return differences;
    }

    private static RunSettings Spec(IResource run) => RunView.Of(run).Settings;

    // What may change is taken out; of deadlines and budgets only the direction counts.
    private static RunSettings Fixed(IResource run) => Spec(run) with
    {
        Suspend = false, Cancel = false, TtlSecondsAfterFinished = 0, Deadlines = new(), Restart = new(),
    };

    private static IEnumerable<string> Lowered(RunSettings before, RunSettings now)
    {
        var (was, set) = (before.Deadlines, now.Deadlines);
        foreach (var (field, earlier, later) in new[]
        {
            ("deadlines.startupSeconds", was.StartupSeconds, set.StartupSeconds),
            ("deadlines.scaleUpSeconds", was.ScaleUpSeconds, set.ScaleUpSeconds),
            ("deadlines.progressSeconds", was.ProgressSeconds, set.ProgressSeconds),
            ("deadlines.activeSeconds", was.ActiveSeconds ?? int.MaxValue, set.ActiveSeconds ?? int.MaxValue),
            ("restart.application", before.Restart.Application, now.Restart.Application),
            ("restart.infrastructure", before.Restart.Infrastructure, now.Restart.Infrastructure),
        })
        {
            if (later < earlier)
            {
                yield return $"spec.{field} was {(earlier == int.MaxValue ? "left out" : $"{earlier}")}, and may only be raised, not set to {later}";
            }
        }
    }

    private static void Compare(JsonNode? before, JsonNode? now, string path, List<string> differences)
    {
        if (before is JsonObject left && now is JsonObject right)
        {
            foreach (var name in left.Select(member => member.Key).Union(right.Select(member => member.Key)))
            {
                Compare(left[name], right[name], $"{path}.{name}", differences);
            }
        }
        else if (before is JsonArray items && now is JsonArray others && items.Count == others.Count)
        {
            for (var i = 0; i < items.Count; i++)
            {
                Compare(items[i], others[i], $"{path}[{i}]", differences);
            }
        }
        else if (!JsonNode.DeepEquals(before, now))
        {
            differences.Add($"{path} was {Text(before)}, and is {Text(now)}");
        }
    }

    private static string Text(JsonNode? value) => value?.ToJsonString() is { } text ? text.Length > 60 ? $"{text[..60]}…" : text : "left out";

    // By the spec's own type: the base's members alone would miss what is computed.
    private static string Serialize(RunSettings spec) => spec is PretrainRunSpec pretrain ? KubernetesJson.Serialize(pretrain) : KubernetesJson.Serialize((EvalRunSpec)spec);

    private static T Read<T>(JsonElement json) => KubernetesJson.Deserialize<T>(json.GetRawText());
}
