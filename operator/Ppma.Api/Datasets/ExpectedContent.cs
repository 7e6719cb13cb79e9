using System.ComponentModel.DataAnnotations;
using Ppma.Api.Schemas;

namespace Ppma.Api.Datasets;

/// <summary>
/// What a data set should hold. A run refuses an index that says otherwise; <c>ppma explain</c> computes with it where the data cannot
/// be read.
/// </summary>
public sealed record ExpectedContent
{
    /// <summary>Clips by split; splits that are not named may hold any number.</summary>
    [MaxLength(16), Items]
    public IDictionary<string, long>? Samples { get; init; }

    /// <summary>Number of classes.</summary>
    [Range(1, 1_000_000)]
    public int? Classes { get; init; }
}
