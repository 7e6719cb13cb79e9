using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>What a run has come to.</summary>
/// <remarks><see cref="StatusLimits"/> keeps it within 16 KiB.</remarks>
public record RunStatus
{
    /// <summary>The spec's generation that was acted on; −1 until the operator has seen the resource, so that nobody takes a fresh one for done.</summary>
    [Range(-1, long.MaxValue)]
    public long ObservedGeneration { get; init; } = -1;

    /// <summary>What is the case, and why.</summary>
    [MaxLength(16)]
    public IList<Condition> Conditions { get; init; } = [];

    /// <summary>What <c>kubectl get</c> shows.</summary>
    public RunSummary Summary
    {
        get => RunSummary.Of(this);
        init
        {
            // It follows from the rest, so what was stored says nothing.
        }
    }

    /// <summary>When the run was admitted.</summary>
    public DateTime? StartTime { get; init; }

    /// <summary>When it ended, well or not.</summary>
    public DateTime? CompletionTime { get; init; }

    /// <summary>The run's own folder, ending in a slash; paths of checkpoints are relative to it.</summary>
    [MaxLength(1280)]
    public string? ArtifactsUri { get; init; }

    /// <summary>Its stages, in order.</summary>
    [MaxLength(8)]
    public IList<StageStatus> Stages { get; init; } = [];

    /// <summary>How often it was started again.</summary>
    public RestartStatus? Restarts { get; init; }

    /// <summary>What it has used up.</summary>
    public UsageStatus? Usage { get; init; }

    /// <summary>PretrainRun: what the privacy gate decided.</summary>
    public PrivacyStatus? Privacy { get; init; }

    /// <summary>SHA-256 (hex) of the last stage's task file.</summary>
    [MaxLength(64)]
    public string? TaskDigest { get; init; }

    /// <summary>SHA-256 (hex) of all that decides the run's numbers: runs that share it have equal results.</summary>
    [MaxLength(64)]
    public string? InputDigest { get; init; }

    /// <summary>The record that lets anyone repeat it: of the last stage that is done.</summary>
    public RecordReference? Record { get; init; }
}
