using CsCheck;
using Ppma.Datasets.Randomness;

namespace Ppma.Datasets.Tests.Randomness;

public class PortableMathTests
{
    [Fact]
    public void Log_AnyPositiveNumber_IsTheLogarithm() =>
        Gen.Select(Gen.Double[0.5, 2], Gen.Int[-1060, 1000]).Sample((mantissa, exponent) =>
        {
            double x = Math.ScaleB(mantissa, exponent);
            AssertClose(Math.Log(x), PortableMath.Log(x));
        });

    [Fact]
    public void Exp_AnyNumberInRange_IsTheExponential() =>
        Gen.Double[-708, 709].Sample(x => AssertClose(Math.Exp(x), PortableMath.Exp(x)));

    /// <summary>Quantiles from tables of the normal distribution.</summary>
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.025, -1.959963984540054)]
    [InlineData(0.999, 3.090232306167813)]
    [InlineData(1e-5, -4.264890793922825)]
    [InlineData(1e-15, -7.941345326170997)]
    public void NormalQuantile_KnownProbabilities_AreReproduced(double probability, double quantile) =>
        Assert.Equal(quantile, PortableMath.NormalQuantile(probability), 1e-13);

    private static void AssertClose(double expected, double actual) =>
        Assert.InRange(actual, expected - Tolerance(expected), expected + Tolerance(expected));

    private static double Tolerance(double value) => (1e-14 * Math.Abs(value)) + 1e-300;
}
