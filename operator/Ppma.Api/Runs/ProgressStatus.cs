using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>How far a stage is.</summary>
public sealed record ProgressStatus
{
    /// <summary>Share of the steps that are done, in percent.</summary>
    [Range(0.0, 100)]
    public double Percent { get; init; }

    /// <summary>Epochs done, each data set counted once however often it is repeated; left out where no training counts them.</summary>
    [Range(0.0, double.MaxValue)]
    public double? Epoch { get; init; }

    /// <summary>Steps done.</summary>
    [Range(0, long.MaxValue)]
    public long Step { get; init; }

    /// <summary>Steps in all.</summary>
    [Range(0, long.MaxValue)]
    public long TotalSteps { get; init; }

    /// <summary>Clips (views for MaskedAutoencoding) a second.</summary>
    [Range(0.0, double.MaxValue)]
    public double Rate { get; init; }

    /// <summary>When the stage will end at this rate.</summary>
    public DateTime? Eta { get; init; }

    /// <summary>The loss, averaged over the last steps.</summary>
    public double? Loss { get; init; }

    /// <summary>When a step was last seen to finish.</summary>
    public DateTime? LastProgressTime { get; init; }
}
