namespace Ppma.Api.Runs;

/// <summary>How far a stage is.</summary>
public sealed record ProgressStatus
{
    public double Percent { get; init; }

    public double Epoch { get; init; }

    public long Step { get; init; }

    public long TotalSteps { get; init; }

    /// <summary>Clips (views for MaskedAutoencoding) a second.</summary>
    public double Rate { get; init; }

    public DateTime? Eta { get; init; }

    public double? Loss { get; init; }

    public DateTime? LastProgressTime { get; init; }
}
