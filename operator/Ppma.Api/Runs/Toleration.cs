using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Runs;

/// <summary>A taint the pods put up with.</summary>
public sealed record Toleration
{
    [MaxLength(253)]
    public string? Key { get; init; }

    public TolerationOperator Operator { get; init; } = TolerationOperator.Equal;

    [MaxLength(63)]
    public string? Value { get; init; }

    public TaintEffect? Effect { get; init; }

    [Range(0, int.MaxValue)]
    public int? TolerationSeconds { get; init; }
}
