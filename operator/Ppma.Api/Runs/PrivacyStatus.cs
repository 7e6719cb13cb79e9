namespace Ppma.Api.Runs;

/// <summary>What the privacy gate decided, and on what grounds.</summary>
public sealed record PrivacyStatus
{
    public PrivacyDecision Decision { get; init; }

    public IList<PrivacyInput> Inputs { get; init; } = [];
}
