using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>A taint the pods put up with.</summary>
public sealed record Toleration
{
    /// <summary>The taint's key; left out with operator Exists, every taint.</summary>
    [MaxLength(253)]
    public string? Key { get; init; }

    /// <summary>How it compares.</summary>
    public TolerationOperator Operator { get; init; } = TolerationOperator.Equal;

    /// <summary>The taint's value, for operator Equal.</summary>
    [MaxLength(63)]
    public string? Value { get; init; }

    /// <summary>The taint's effect; left out, any.</summary>
    public TaintEffect? Effect { get; init; }

    /// <summary>Seconds that a pod stays on a node with the taint; left out, for ever. NoExecute only.</summary>
    [Range(0, int.MaxValue)]
    public int? TolerationSeconds { get; init; }
}
