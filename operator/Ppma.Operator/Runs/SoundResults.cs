using System.Text.RegularExpressions;
using Ppma.Api;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;

namespace Ppma.Operator.Runs;

/// <summary>
/// Whether what a worker says of its end is what a status can hold and others can start from. The image is the user's choice: a result of
/// which the API server would refuse a part would keep the whole status from being written.
/// </summary>
internal static partial class SoundResults
{
    private const int LongestPath = 128;

    /// <summary>What is wrong with a result; null when nothing is.</summary>
    /// <param name="result">What the worker said.</param>
    /// <param name="taskDigest">Of the task it was given.</param>
    public static string? Problem(TaskResult result, string? taskDigest) => result switch
    {
        _ when result.TaskDigest != taskDigest => $"its result is that of another task (digest {result.TaskDigest}, expected {taskDigest})",
        { RecordDigest: { } record } when !Digest.IsMatch(record) => $"its result names a record whose digest is none: {record}",
        { Training: { } training } => Problem(training),
        { Evaluation: { } evaluation } => new[] { evaluation.Top1, evaluation.Top5, evaluation.MeanClassAccuracy }.All(share => share is >= 0 and <= 1) && evaluation.Samples >= 0
            ? null : "its result measures shares that are not between 0 and 1",
        _ => "its result holds neither a training nor an evaluation",
    };

    private static string? Problem(TrainingOutcome training) =>
        training.Steps < 0 || !double.IsFinite(training.FinalLoss) ? $"its result ends after {training.Steps} steps with a loss of {training.FinalLoss}"
        : !IsSound(training.Checkpoint, training.WeightsDigest) ? $"its result names a checkpoint without a folder below the run's and a digest: {StatusLimits.Cut(training.Checkpoint, LongestPath)}"
        : (training.Checkpoints ?? []).FirstOrDefault(kept => kept.Step < 0 || !IsSound(kept.Path, kept.Digest)) is { } odd
            ? $"its result names a checkpoint of step {odd.Step} without a folder below the run's and a digest"
        : null;

    private static bool IsSound(string path, string digest) =>
        path is { Length: > 0 and <= LongestPath } && !path.StartsWith('/') && !path.Split('/').Contains("..") && Digest.IsMatch(digest);

    [GeneratedRegex(NameRules.Sha256)]
    private static partial Regex Digest { get; }
}
