namespace Ppma.Api.Runs;

/// <summary>Why the last restart was.</summary>
public sealed record LastRestart
{
    public string Cause { get; init; } = "";

    public int? ExitCode { get; init; }

    public string? Node { get; init; }

    public DateTime? Time { get; init; }
}
