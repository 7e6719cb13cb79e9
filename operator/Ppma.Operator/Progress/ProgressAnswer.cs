using System.Text.Json;
using System.Text.RegularExpressions;
using Ppma.Api;
using Ppma.Api.Tasks;

namespace Ppma.Operator.Progress;

/// <summary>What a worker's <c>/progress</c> says. The image is the user's choice, so nothing in it is believed that a status could not hold.</summary>
internal static partial class ProgressAnswer
{
    /// <summary>No worker says more.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int LongestPath = 128;

    public static ProgressReply Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return TaskJson.DeserializeReport<TaskProgress>(utf8) switch
            {
                { Step: < 0 } or { TotalSteps: < 0 } => ProgressReply.Failed("counts its steps below zero"),
                { Checkpoint: { } checkpoint } when !IsSound(checkpoint) =>
                    ProgressReply.Failed($"names a checkpoint of step {checkpoint.Step} without a folder below the run's and a digest"),
                var progress => ProgressReply.Of(progress),
            };
        }
        catch (JsonException e)
        {
            return ProgressReply.Failed($"answers with what is no progress: {e.Message}");
        }
    }

    private static bool IsSound(ProgressCheckpoint checkpoint) =>
        checkpoint.Step >= 0
        && checkpoint.Path is { Length: > 0 and <= LongestPath } path && !path.StartsWith('/') && !path.Split('/').Contains("..")
        && Digest.IsMatch(checkpoint.Digest);

    [GeneratedRegex(NameRules.Sha256)]
    private static partial Regex Digest { get; }
}
