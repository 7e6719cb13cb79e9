using System.Globalization;
using Ppma.Api.Conditions;
using Ppma.Api.Tasks;

namespace Ppma.Operator.Attempts;

/// <summary>How an attempt ended.</summary>
internal sealed record AttemptEnd
{
    private const int LongestTextInMessage = 768;
    private const int LongestLogInMessage = 240;

    private const string OverMemory =
        "it used more memory than its container may (spec.compute.limits.memory of a run). Give it more, or take fewer spec.compute.threads, in a new run that continues this one.";

    private const string KilledFromOutside = "it was killed, not for its memory limit and not by the operator. Look at the node: was it shut down, or out of memory as a whole?";

    public required EndCause Cause { get; init; }

    /// <summary>Of the worker's process; null where it is not known.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What the worker left in its termination message, where that can be read.</summary>
    public TerminationMessage? Message { get; init; }

    /// <summary>What is known beside that, for people: the node's words, the server's, or the end of the worker's log.</summary>
    public string Text { get; init; } = "";

    /// <summary>When the worker started; null when it never did, or nobody can tell.</summary>
    public DateTime? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTime? FinishedAt { get; init; }

    public string? Pod { get; init; }

    public string? Node { get; init; }

    public TaskResult? Result => Message?.Result;

    /// <summary>The signal that ended the process, as a shell tells it: 9 for 137.</summary>
    public int? Signal => ExitCode is > 128 and < 192 ? ExitCode - 128 : null;

    /// <summary>The end in one word.</summary>
    public Reason Reason => (ExitCode, Cause) switch
    {
        (ExitCodes.Done, _) when Result is not null => Reason.Completed,
        (ExitCodes.Superseded, _) => Reason.Superseded,
        (ExitCodes.BadSpec, _) => Reason.BadSpec,
        (ExitCodes.DataDigestMismatch, _) => Reason.DataDigestMismatch,
        (ExitCodes.PrivacyViolation, _) => Reason.PrivacyViolation,
        (ExitCodes.Diverged, _) => Reason.Diverged,
        (ExitCodes.NoUsableCheckpoint, _) => Reason.NoUsableCheckpoint,
        (_, EndCause.Disrupted) => Reason.Disrupted,
        (_, EndCause.NodeLost) => Reason.NodeLost,
        (_, EndCause.Deleted) => Reason.DeletedByOthers,
        (_, EndCause.OutOfMemory) => Reason.OutOfMemory,
        (_, EndCause.OutOfStorage) => Reason.OutOfStorage,
        (_, EndCause.NeverStarted) => Reason.ContainerNotStarted,
        (ExitCodes.StorageOrNetwork, _) => Reason.StorageOrNetwork,
        (ExitCodes.RendezvousLost, _) => Reason.RendezvousLost,
        (ExitCodes.Interrupted, _) => Reason.Interrupted,
        (ExitCodes.Stalled, _) => Reason.Stalled,
        (ExitClasses.Killed or ExitClasses.Terminated, _) => Reason.Killed,
        _ => Reason.Failed,
    };

    /// <summary>The end in a sentence, for conditions and events.</summary>
    public string Describe()
    {
        string code = (ExitCode, Signal) switch
        {
            (null, _) => "ended without an exit code",
            ({ } exit, { } signal) => string.Create(CultureInfo.InvariantCulture, $"ended with exit code {exit} (signal {signal})"),
            ({ } exit, _) => string.Create(CultureInfo.InvariantCulture, $"ended with exit code {exit}"),
        };
        string where = (Pod, Node) switch
        {
            (null, _) => "",
            (_, null) => $" in pod {Pod}",
            _ => $" in pod {Pod} on node {Node}",
        };
        string text = Message?.Error?.Message is { Length: > 0 } said ? said : Text;
        return $"The worker {code}{where}{Why(text)}";
    }

    // A process that was killed could not say so itself: what it left is the end of its log.
    private string Why(string text) => (Reason, text.Length) switch
    {
        (Reason.OutOfMemory, 0) => $": {OverMemory}",
        (Reason.OutOfMemory, _) => $": {OverMemory} Its log ends: {EndOf(text)}",
        (Reason.Killed, 0) => $": {KilledFromOutside}",
        (Reason.Killed, _) => $": {KilledFromOutside} Its log ends: {EndOf(text)}",
        (_, 0) => " and left no message; the pod's log may say more.",
        _ => $": {Shortened(text)}",
    };

    /// <summary>Whole lines from the end of a log, as many as fit; at least the end of the last.</summary>
    private static string EndOf(string log)
    {
        string end = log.TrimEnd();
        if (end.Length <= LongestLogInMessage)
        {
            return end;
        }

        end = end[^LongestLogInMessage..];
        int line = end.IndexOf('\n', StringComparison.Ordinal);
        return line < 0 ? $"…{end}" : end[(line + 1)..];
    }

    // The end of a log is where the cause stands.
    private static string Shortened(string text) => text.Length <= LongestTextInMessage ? text : $"…{text[^LongestTextInMessage..]}";
}
