namespace Ppma.Learning.Evaluation;

/// <summary>What was said of one test clip.</summary>
/// <param name="Ordinal">Of the clip in its split.</param>
/// <param name="Label">The true class.</param>
/// <param name="Rank">How many classes rank above the true one; null where it cannot be ranked: a damaged clip, or a logit that is NaN.</param>
/// <param name="Top">The highest classes, highest first, at most <see cref="MostTop"/>; classes that are NaN are left out.</param>
/// <param name="Damaged">Whether the clip could not be decoded, and so counts as wrong.</param>
public sealed record ClipPrediction(int Ordinal, int Label, int? Rank, IReadOnlyList<ClassProbability> Top, bool Damaged = false)
{
    public const int MostTop = 5;

    /// <summary>Whether the true class is the highest.</summary>
    public bool Correct => Rank == 0;

    /// <summary>Whether the true class is among the five highest.</summary>
    public bool CorrectTop5 => Rank < MostTop;

    /// <summary>From a clip's logits, those of its views averaged. Of equal logits the lower class ranks higher.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no logit for <paramref name="label"/>.</exception>
    public static ClipPrediction Of(int ordinal, int label, ReadOnlySpan<float> logits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, logits.Length);
        return new ClipPrediction(ordinal, label, RankOf(label, logits), Highest(logits));
    }

    public static ClipPrediction OfDamaged(int ordinal, int label) => new(ordinal, label, Rank: null, [], Damaged: true);

    private static int? RankOf(int label, ReadOnlySpan<float> logits)
    {
        float own = logits[label];
        int above = 0;
        for (int c = 0; c < logits.Length; c++)
        {
            if (logits[c] > own || (logits[c] == own && c < label))
            {
                above++;
            }
        }

        return float.IsNaN(own) ? null : above;
    }

    private static ClassProbability[] Highest(ReadOnlySpan<float> logits)
    {
        float[] values = logits.ToArray();
        int[] ranked = [.. Enumerable.Range(0, values.Length).Where(c => !float.IsNaN(values[c])).OrderByDescending(c => values[c]).Take(MostTop)];
        double highest = ranked.Length == 0 ? 0 : values[ranked[0]];
        double sum = values.Where(value => !float.IsNaN(value)).Sum(value => Math.Exp(value - highest));
        return [.. ranked.Select(c => new ClassProbability(c, Math.Exp(values[c] - highest) / sum))];
    }
}
