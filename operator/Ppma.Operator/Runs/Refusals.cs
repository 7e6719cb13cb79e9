using System.Net;
using Ppma.Api.Conditions;
using Ppma.Controllers.Requests;

namespace Ppma.Operator.Runs;

/// <summary>What an answer of the API server to a create means for a run.</summary>
internal static class Refusals
{
    /// <returns>Null where it says nothing about the run: then it is tried again.</returns>
    public static Refusal? Of(ApiException answer) => answer switch
    {
        { QuotaExceeded: true } => new(Reason.QuotaExceeded, answer.Message),
        _ when IsAboutTheOperator(answer) => null,
        { Refused: true } => new(Reason.PodRefused, Message(answer)),
        _ => null,
    };

    /// <returns>What a dry run found; null where it found nothing, or could not be done. A full quota may have room when it counts.</returns>
    public static Refusal? OfDryRun(ApiException answer) =>
        answer.Code == HttpStatusCode.BadRequest && answer.Message.Contains("dry run", StringComparison.OrdinalIgnoreCase) ? null
        : Of(answer) is { IsWait: false } refusal ? refusal
        : null;

    /// <summary>The namespace is going, and the run with it.</summary>
    public static bool IsNamespaceTerminating(ApiException answer) =>
        answer.Code == HttpStatusCode.Forbidden && answer.Message.Contains("because it is being terminated", StringComparison.Ordinal);

    // Missing permissions are the installation's matter, not the run's.
    private static bool IsAboutTheOperator(ApiException answer) =>
        IsNamespaceTerminating(answer)
        || (answer.Code == HttpStatusCode.Forbidden && answer.Message.Contains("cannot create resource", StringComparison.Ordinal));

    private static string Message(ApiException answer) =>
        answer.Causes.Count > 0 && answer.Causes.All(cause => !answer.Message.Contains(cause, StringComparison.Ordinal))
            ? $"{answer.Message} ({string.Join("; ", answer.Causes)})" : answer.Message;
}
