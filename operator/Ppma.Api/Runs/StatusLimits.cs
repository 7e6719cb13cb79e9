using System.Text.Json;
using k8s;

namespace Ppma.Api.Runs;

/// <summary>
/// Keeps a run's status within <see cref="MaxBytes"/>, so that ten thousand runs can be listed and held in memory. What other runs go on
/// from stays: states, digests, last and best checkpoints. Checkpoints further back, inputs that passed and long messages make room.
/// </summary>
public static class StatusLimits
{
    /// <summary>A run's status as JSON in UTF-8.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>A condition's message, in characters.</summary>
    public const int MessageLength = 512;

    private const int MostInputs = 64;

    // Each makes room when those before it did not make enough.
    private static readonly Func<RunStatus, RunStatus>[] Reductions =
    [
        status => WithInputs(status, 16),
        status => WithKept(status, 4),
        status => WithMessages(status, 192),
        status => WithKept(status, 1),
        status => WithInputs(status, 4),
        status => WithEndedStages(status, stage => stage with { Kept = null, Progress = null, JobRef = null, JobUid = null, AttemptTime = null, CheckpointTime = null }),
        status => WithMessages(status, 64),
        status => WithInputs(status, 0),
    ];

    /// <summary>The status, with less in it where it is too large; the last thing to do before it is written.</summary>
    public static T Fit<T>(T status)
        where T : RunStatus
    {
        var fitting = WithMessages(WithInputs(status, MostInputs), MessageLength);
        foreach (var reduce in Reductions)
        {
            if (Bytes(fitting) <= MaxBytes)
            {
                break;
            }

            fitting = reduce(fitting);
        }

        return (T)fitting;
    }

    /// <summary>The text, or as much of its front as <paramref name="length"/> allows, with … at the end.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var end = length - 1;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + "…";
    }

    // As an API server holds it; the client's serializer spells other letters than ASCII in six bytes.
    private static int Bytes(RunStatus status)
    {
        using var json = JsonDocument.Parse(KubernetesJson.Serialize(status));
        return CanonicalJson.Write(json.RootElement).Length;
    }

    private static RunStatus WithMessages(RunStatus status, int length) => status with
    {
        Conditions = [.. status.Conditions.Select(condition => condition with { Message = Cut(condition.Message, length) })],
    };

    private static RunStatus WithKept(RunStatus status, int count) => status with
    {
        Stages = [.. status.Stages.Select(stage => stage with { Kept = stage.Kept is { } kept ? [.. kept.TakeLast(count)] : null })],
    };

    private static RunStatus WithEndedStages(RunStatus status, Func<StageStatus, StageStatus> reduce) => status with
    {
        Stages = [.. status.Stages.Select(stage => stage.State is StageState.Succeeded ? reduce(stage) : stage)],
    };

    // Those that were refused come first: they are why the run does not start. Trust without a digest is handed on to runs that start from this one.
    private static RunStatus WithInputs(RunStatus status, int count) => status.Privacy is not { } privacy || privacy.Inputs.Count <= count ? status : status with
    {
        Privacy = privacy with
        {
            Inputs = [.. privacy.Inputs.OrderBy(input => input.Reason is null).ThenByDescending(input => input.TrustedOnFirstUse).Take(count)],
            OmittedInputs = (privacy.OmittedInputs ?? 0) + privacy.Inputs.Count - count,
        },
    };
}
