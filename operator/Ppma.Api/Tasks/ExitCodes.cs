namespace Ppma.Api.Tasks;

/// <summary>How a worker ends, and so who pays for the next attempt (DESIGN: "Exit codes").</summary>
public static class ExitCodes
{
    public const int Done = 0;

    /// <summary>A failure that no other code names; the application's budget pays.</summary>
    public const int Failed = 1;

    public const int StorageOrNetwork = 40;
    public const int RendezvousLost = 41;
    public const int Interrupted = 42;
    public const int Stalled = 43;
    public const int Superseded = 44;
    public const int BadSpec = 64;
    public const int DataDigestMismatch = 65;
    public const int PrivacyViolation = 66;
    public const int Diverged = 67;
    public const int NoUsableCheckpoint = 68;

    /// <summary>CamelCase name of a code, for conditions and termination messages.</summary>
    public static string Reason(int exitCode) => exitCode switch
    {
        Done => nameof(Done),
        StorageOrNetwork => nameof(StorageOrNetwork),
        RendezvousLost => nameof(RendezvousLost),
        Interrupted => nameof(Interrupted),
        Stalled => nameof(Stalled),
        Superseded => nameof(Superseded),
        BadSpec => nameof(BadSpec),
        DataDigestMismatch => nameof(DataDigestMismatch),
        PrivacyViolation => nameof(PrivacyViolation),
        Diverged => nameof(Diverged),
        NoUsableCheckpoint => nameof(NoUsableCheckpoint),
        _ => nameof(Failed),
    };
}
