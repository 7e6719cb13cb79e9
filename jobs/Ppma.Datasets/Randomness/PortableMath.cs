namespace Ppma.Datasets.Randomness;

/// <summary>
/// Functions that <see cref="Math"/> takes from the platform's C library, whose last bits differ between libraries.
/// These use additions, multiplications, divisions and square roots alone, which IEEE 754 rounds in one way
/// (the runtime never fuses a product and a sum on its own). Relative error below 1e-15.
/// </summary>
public static class PortableMath
{
    private const double SmallestNormal = 2.2250738585072014e-308;

    // ln 2 in two parts; the high one has 32 significant bits, so that its product with an exponent is exact.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>Natural logarithm of a positive, finite number.</summary>
    public static double Log(double x)
    {
        int exponent = 0;
        if (x < SmallestNormal)
        {
            x *= 1L << 54;
            exponent = -54;
        }

        long bits = BitConverter.DoubleToInt64Bits(x);
        exponent += (int)(bits >> 52) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        // ln m = 2 artanh s with |s| ≤ 0.172: the series falls by 34 a term.
        double s = (mantissa - 1) / (mantissa + 1);
        double square = s * s;
        double series = 0;
        for (int term = 21; term >= 3; term -= 2)
        {
            series = (series + (1.0 / term)) * square;
        }

        return (exponent * Ln2High) + ((2 * s) + ((2 * s * series) + (exponent * Ln2Low)));
    }

    /// <summary>Exponential; 0 below −708, infinity above 709.</summary>
    public static double Exp(double x)
    {
        if (x < -708)
        {
            return 0;
        }

        if (x > 709)
        {
            return double.PositiveInfinity;
        }

        double power = Math.Floor((x * 1.4426950408889634) + 0.5);
        double rest = x - (power * Ln2High) - (power * Ln2Low);
        double series = 1;
        for (int term = 14; term >= 1; term--)
        {
            series = 1 + (series * rest / term);
        }

        return series * BitConverter.Int64BitsToDouble(((long)power + 1023) << 52);
    }

    /// <summary>
    /// The x below which a standard normal variate lies with the given probability in (0, 1): Wichura, Algorithm AS 241
    /// (PPND16), Applied Statistics 37 (1988).
    /// </summary>
    public static double NormalQuantile(double probability)
    {
        double q = probability - 0.5;
        if (q is >= -0.425 and <= 0.425)
        {
            double centre = 0.180625 - (q * q);
            return q * Ratio(centre, CentreNumerator, CentreDenominator);
        }

        double tail = Math.Sqrt(-Log(q < 0 ? probability : 1 - probability));
        double x = tail <= 5
            ? Ratio(tail - 1.6, MiddleNumerator, MiddleDenominator)
            : Ratio(tail - 5, FarNumerator, FarDenominator);
        return q < 0 ? -x : x;
    }

    private static double Ratio(double x, ReadOnlySpan<double> numerator, ReadOnlySpan<double> denominator) =>
        Polynomial(x, numerator) / Polynomial(x, denominator);

    private static double Polynomial(double x, ReadOnlySpan<double> highestFirst)
    {
        double value = 0;
        foreach (double coefficient in highestFirst)
        {
            value = (value * x) + coefficient;
        }

        return value;
    }

    private static ReadOnlySpan<double> CentreNumerator =>
    [
        2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
        1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0,
    ];

    private static ReadOnlySpan<double> CentreDenominator =>
    [
        5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
        5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0,
    ];

    private static ReadOnlySpan<double> MiddleNumerator =>
    [
        7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
        3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0,
    ];

    private static ReadOnlySpan<double> MiddleDenominator =>
    [
        1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
        6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0,
    ];

    private static ReadOnlySpan<double> FarNumerator =>
    [
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
        2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0,
    ];

    private static ReadOnlySpan<double> FarDenominator =>
    [
        2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
        1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0,
    ];
}
