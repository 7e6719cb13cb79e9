namespace Ppma.Learning.Evaluation;

/// <summary>
/// The score interval of a share (E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927). Unlike
/// share ± 1.96 standard errors it stays in 0..1 and is no point where every clip, or none, is right.
/// </summary>
public static class WilsonInterval
{
    // Quantile 0.975 of the standard normal distribution: 95 %, two-sided.
    private const double Z = 1.959963984540054;

    /// <param name="successes">At most <paramref name="trials"/>.</param>
    /// <param name="trials">0 tells nothing: 0..1.</param>
    public static (double Low, double High) Of(int successes, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        if (trials == 0)
        {
            return (0, 1);
        }

        double share = (double)successes / trials;
        double middle = share + (Z * Z / (2 * trials));
        double half = Z * Math.Sqrt((share * (1 - share) / trials) + (Z * Z / (4.0 * trials * trials)));
        double whole = 1 + (Z * Z / trials);

        // At the ends the exact bound is 0 or 1, and rounding must not miss it.
        return (successes == 0 ? 0 : (middle - half) / whole, successes == trials ? 1 : (middle + half) / whole);
    }
}
