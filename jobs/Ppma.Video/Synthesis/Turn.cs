namespace Ppma.Video.Synthesis;

/// <summary>
/// Sine and cosine of an angle in turns, from sums and products alone, so that their last bit is the same on every
/// machine (<see cref="Math.Sin"/> is the platform's). Absolute error below 1e-7.
/// </summary>
internal static class Turn
{
    private const double RadiansPerTurn = 6.283185307179586;

    public static double Sin(double turns)
    {
        double rest = turns - Math.Floor(turns + 0.5);
        if (rest > 0.25)
        {
            rest = 0.5 - rest;
        }
        else if (rest < -0.25)
        {
            rest = -0.5 - rest;
        }

        double x = rest * RadiansPerTurn;
        double square = x * x;
        double series = -1.0 / 39916800;
        series = (series * square) + (1.0 / 362880);
        series = (series * square) - (1.0 / 5040);
        series = (series * square) + (1.0 / 120);
        series = (series * square) - (1.0 / 6);
        return x + (x * square * series);
    }

    public static double Cos(double turns) => Sin(turns + 0.25);
}
