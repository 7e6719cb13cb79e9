namespace Ppma.Api.Runs;

/// <summary>Restarts so far, by who is to blame.</summary>
public sealed record RestartStatus
{
    public int Application { get; init; }

    public int Infrastructure { get; init; }

    public LastRestart? Last { get; init; }
}
