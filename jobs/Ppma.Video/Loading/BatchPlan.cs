namespace Ppma.Video.Loading;

/// <summary>What a batch consists of.</summary>
/// <param name="Number">Its step, or the ordinal it begins with.</param>
/// <param name="Places">Its clips.</param>
internal sealed record BatchPlan(long Number, IReadOnlyList<Place> Places);
