using Ppma.Api.Datasets;

namespace Ppma.Api.Resolution;

/// <summary>What verification found in a data set.</summary>
public sealed record DatasetFacts
{
    /// <summary>SHA-256 (hex) of the index.</summary>
    public required string Digest { get; init; }

    /// <summary>What the index says about who is in the footage.</summary>
    public required Humans Humans { get; init; }

    /// <summary>Class names in the index's order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>False where only the number of the classes is known, or whether two sets have the same: then the names are invented.</summary>
    public bool ClassNamesKnown { get; init; } = true;

    /// <summary>Clips by split.</summary>
    public required IReadOnlyDictionary<string, long> Samples { get; init; }

    /// <summary>
    /// What the status of a data set tells: everything but the names of its classes. Names are invented from their digest, so that sets of the
    /// same classes compare equal and others do not.
    /// </summary>
    /// <returns>Null when the spec as it stands has not been verified.</returns>
    public static DatasetFacts? Of(VideoDataset dataset)
    {
        if (dataset.Status is not { Digest: { } digest, Humans: { } humans, Splits: { } splits } status
            || status.VerifiedGeneration != dataset.Metadata.Generation)
        {
            return null;
        }

        return new DatasetFacts
        {
            Digest = digest,
            Humans = humans,
            ClassNamesKnown = false,
            Classes = [.. Enumerable.Range(0, status.Classes ?? 0).Select(i => $"{status.ClassesDigest}-{i}")],
            Samples = new Dictionary<string, long>(splits),
        };
    }
}
