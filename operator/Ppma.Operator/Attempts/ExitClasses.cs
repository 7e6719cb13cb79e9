using Ppma.Api.Tasks;

namespace Ppma.Operator.Attempts;

/// <summary>
/// Who pays for an end. What the worker itself declares final stays final whatever happened around it; then what we asked for;
/// then what others did; then what the program did.
/// </summary>
internal static class ExitClasses
{
    /// <summary>128 + SIGKILL.</summary>
    public const int Killed = 137;

    /// <summary>128 + SIGTERM.</summary>
    public const int Terminated = 143;

    /// <param name="end">How it ended.</param>
    /// <param name="askedToStop">Whether the operator had asked it to stop: suspend, cancel, a deadline, an attempt given up.</param>
    public static ExitClass Of(AttemptEnd end, bool askedToStop) => end switch
    {
        { ExitCode: ExitCodes.Done, Result: not null } => ExitClass.Done,
        { ExitCode: ExitCodes.Superseded } => ExitClass.Uncounted,
        { ExitCode: >= 64 and <= 127 } => ExitClass.Final,
        { ExitCode: null or ExitCodes.Done or ExitCodes.Interrupted or Killed or Terminated } when askedToStop => ExitClass.Uncounted,
        { Cause: EndCause.Disrupted or EndCause.NodeLost or EndCause.Deleted } => ExitClass.Infrastructure,
        { Cause: EndCause.OutOfMemory or EndCause.OutOfStorage or EndCause.NeverStarted } => ExitClass.Application,
        { ExitCode: ExitCodes.StorageOrNetwork or ExitCodes.RendezvousLost or ExitCodes.Interrupted or Killed or Terminated } => ExitClass.Infrastructure,
        _ => ExitClass.Application,
    };
}
