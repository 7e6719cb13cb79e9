namespace Ppma.Api.Tasks;

/// <summary>How a worker ends, and so who pays for the next attempt (DESIGN: "Exit codes").</summary>
public static class ExitCodes
{
    public const int Done = 0;
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
}
