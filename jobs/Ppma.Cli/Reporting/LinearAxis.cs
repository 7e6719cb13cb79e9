namespace Ppma.Cli.Reporting;

/// <summary>A linear axis whose ends and ticks are round numbers.</summary>
internal sealed record LinearAxis(double Low, double High, double Step)
{
    public IEnumerable<double> Ticks =>
        Enumerable.Range(0, (int)Math.Round((High - Low) / Step) + 1).Select(index => Low + index * Step);

    /// <summary>Decimals that tell neighbouring ticks apart.</summary>
    public int Decimals => Math.Max(0, (int)Math.Ceiling(-Math.Log10(Step) - 1e-9));

    /// <summary>The axis with the smallest round step of 1, 2 or 5 that covers the values in at most five steps.</summary>
    /// <exception cref="ArgumentException">An end is not finite, or they are in the wrong order.</exception>
    public static LinearAxis Covering(double low, double high)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || low > high)
        {
            throw new ArgumentException($"No axis covers {low} to {high}.", nameof(low));
        }

        double span = Math.Max(high - low, Math.Max(Math.Abs(high), 1) * 1e-3);
        double magnitude = Math.Pow(10, Math.Floor(Math.Log10(span / 5)));
        foreach (double factor in (ReadOnlySpan<double>)[1, 2, 5, 10])
        {
            double step = magnitude * factor;
            double first = Math.Floor(low / step + 1e-9) * step;
            double last = Math.Ceiling(Math.Max(high, first + step) / step - 1e-9) * step;
            if (last - first <= 5 * step * (1 + 1e-9))
            {
                return new LinearAxis(first, last, step);
            }
        }

        double wide = magnitude * 20;
        double start = Math.Floor(low / wide) * wide;
        return new LinearAxis(start, start + 5 * wide, wide);
    }

    /// <summary>Where a value lies, 0 at the low end and 1 at the high one; beyond the ends it is drawn at them.</summary>
    public double Place(double value) => Math.Clamp((value - Low) / (High - Low), 0, 1);
}
