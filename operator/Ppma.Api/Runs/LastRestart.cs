using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>Why the last restart was.</summary>
public sealed record LastRestart
{
    /// <summary>The reason, in one word.</summary>
    [MaxLength(64)]
    public string Cause { get; init; } = "";

    /// <summary>The worker's exit code, where it had one.</summary>
    [Range(0, int.MaxValue)]
    public int? ExitCode { get; init; }

    /// <summary>The node that the pod was on.</summary>
    [MaxLength(253)]
    public string? Node { get; init; }

    /// <summary>When the attempt ended.</summary>
    public DateTime? Time { get; init; }
}
