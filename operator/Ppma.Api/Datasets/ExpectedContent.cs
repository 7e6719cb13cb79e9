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

    /// <summary>What an index says otherwise, each <c>field: what is wanted, and what is there</c>; splits by name.</summary>
    /// <param name="samples">Clips by split.</param>
    /// <param name="classes">Number of classes.</param>
    public IEnumerable<string> Differences(IReadOnlyDictionary<string, long> samples, int classes)
    {
        if (Classes is { } wanted && wanted != classes)
        {
            yield return $"classes: {wanted}, and its index has {classes}";
        }

        foreach (var (split, count) in (Samples ?? new Dictionary<string, long>()).OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (samples.GetValueOrDefault(split) is var there && there != count)
            {
                yield return $"samples.{split}: {count}, and its index has {there}";
            }
        }
    }
}
