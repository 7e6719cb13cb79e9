using Ppma.Datasets.Randomness;

namespace Ppma.Video.Augmentation;

/// <summary>What names the random numbers of one view of one clip.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Pass">Pass over the data.</param>
/// <param name="Sample">The clip: number of its data set · 2⁴⁰ + ordinal in its split.</param>
/// <param name="View">View of the clip.</param>
public readonly record struct ViewName(long Seed, long Pass, long Sample, int View)
{
    internal PhiloxStream Open(RandomPurpose purpose) => new(Seed, purpose, Pass, Sample, View);
}
