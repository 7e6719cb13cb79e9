namespace Ppma.Api.Tasks;

/// <summary>Clips that a stage is measured on while it trains; no trial's test split.</summary>
public sealed record ValidationSpec
{
    public required DatasetInput Dataset { get; init; }

    /// <summary>Steps between two measurements; the last step always measures.</summary>
    public required int EverySteps { get; init; }
}
