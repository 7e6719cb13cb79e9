using Ppma.Api.Resolution;
using Ppma.Api.Tasks;

namespace Ppma.Operator.Pods;

/// <summary>A place that a task reads or writes.</summary>
/// <param name="Field">Where the task names it.</param>
/// <param name="Uri"><c>file:</c>, or of a blob container.</param>
/// <param name="Credentials"><c>secret/key</c>; null for the pod's own identity, and for files.</param>
internal sealed record StoreUse(string Field, string Uri, string? Credentials)
{
    public bool IsFile => Uri.StartsWith("file:", StringComparison.Ordinal);

    /// <summary>Whether the pod's own identity opens it.</summary>
    public bool NeedsIdentity => !IsFile && Credentials is null;

    /// <summary>Whether it lies below a folder.</summary>
    public bool IsBelow(string folder)
    {
        string path = System.IO.Path.TrimEndingDirectorySeparator(FileUris.ToPath(Uri));
        return path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);
    }

    /// <summary>Every place that a task names, in the task's order.</summary>
    public static IEnumerable<StoreUse> Of(TaskSpec task)
    {
        // What a verification writes goes with its pod.
        if (task.VerifyDataset is null)
        {
            yield return new("artifacts", task.ArtifactsUri, task.ArtifactsCredentials);
        }

        IEnumerable<StoreUse> inputs = task switch
        {
            { PretrainStage: { } stage } => OfStage(stage),
            { Evaluate: { } evaluate } =>
                [OfDataset("dataset", evaluate.Train), OfDataset("dataset", evaluate.Test), .. OfWeights("weights", evaluate.Weights)],
            { VerifyDataset: { } verify } => [new("uri", verify.Uri, verify.Credentials)],
            _ => [],
        };
        foreach (var input in inputs)
        {
            yield return input;
        }
    }

    private static IEnumerable<StoreUse> OfStage(PretrainStageTask stage) =>
    [
        .. stage.Datasets.Select((dataset, i) => OfDataset($"datasets[{i}]", dataset)),
        .. stage.Validation is { } validation ? [OfDataset("validation.dataset", validation.Dataset)] : (StoreUse[])[],
        .. OfWeights("weights", stage.Weights),
        .. stage.Resume is { } resume ? [new("resumeFrom", resume.Uri, resume.Credentials)] : (StoreUse[])[],
    ];

    private static StoreUse OfDataset(string field, DatasetInput dataset) => new($"{field} ({dataset.Name})", dataset.Uri, dataset.Credentials);

    private static IEnumerable<StoreUse> OfWeights(string field, WeightsInput weights) =>
    [
        .. weights.Uri is { } uri ? [new(field, uri, weights.Credentials)] : (StoreUse[])[],
        .. (weights.Members ?? []).SelectMany((member, i) => OfWeights($"{field}.fromEnsemble.members[{i}]", member)),
    ];
}
