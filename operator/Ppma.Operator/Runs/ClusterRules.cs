using System.Text.RegularExpressions;
using Ppma.Api;
using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;

namespace Ppma.Operator.Runs;

/// <summary>What a laptop takes and a cluster does not: places that only one machine knows.</summary>
internal static partial class ClusterRules
{
    private const string Absolute = "file:///";

    /// <returns>Every problem, each <c>field: cause and fix</c>.</returns>
    public static IEnumerable<string> Problems(RunView run)
    {
        if (run.Settings.Artifacts is not { } artifacts)
        {
            yield return "spec.artifacts: is missing; in a cluster a run says where its files go: a blob container URL, or file:///path with spec.artifacts.volume";
        }
        else if (IsRelative(artifacts.Uri))
        {
            yield return $"spec.artifacts.uri: \"{artifacts.Uri}\" lies below a folder of one machine; write a blob container URL, or file:///path with spec.artifacts.volume";
        }
        else if (artifacts.Uri.StartsWith(Absolute, StringComparison.Ordinal) && artifacts.Volume?.PersistentVolumeClaim is null)
        {
            yield return $"spec.artifacts.volume: is missing; \"{artifacts.Uri}\" is gone with the pod unless a persistentVolumeClaim is mounted there";
        }

        foreach (var (field, quantity) in Quantities(run.Settings.Compute))
        {
            if (!Quantity.IsMatch(quantity))
            {
                yield return $"spec.compute.{field}: \"{quantity}\" is no quantity; write one such as 500m or 16Gi";
            }
        }

        foreach (var (field, checkpoint) in Weights(run.Resource)?.Checkpoints() ?? [])
        {
            if (IsRelative(checkpoint.Uri))
            {
                yield return $"spec.weights.{field}.uri: \"{checkpoint.Uri}\" lies below a folder of one machine; write a blob container URL or file:///path";
            }
        }
    }

    private static IEnumerable<(string Field, string Quantity)> Quantities(ComputeSettings compute) =>
    [
        .. compute.Requests.Select(entry => ($"requests[{entry.Key}]", entry.Value)),
        .. compute.Limits.Select(entry => ($"limits[{entry.Key}]", entry.Value)),
    ];

    private static WeightsSpec? Weights(IResource run) => run switch
    {
        PretrainRun pretrain => pretrain.Spec.Weights,
        EvalRun eval => eval.Spec.Weights,
        _ => null,
    };

    private static bool IsRelative(string uri) =>
        uri.StartsWith("file:", StringComparison.Ordinal) && !uri.StartsWith(Absolute, StringComparison.Ordinal);

    [GeneratedRegex(Ppma.Api.Runs.Quantity.Pattern)]
    private static partial Regex Quantity { get; }
}
