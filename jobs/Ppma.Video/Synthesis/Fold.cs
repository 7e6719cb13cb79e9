using Ppma.Datasets.Randomness;

namespace Ppma.Video.Synthesis;

/// <summary>A plane wave between −1 and 1.</summary>
/// <param name="X">Turns a world unit to the right.</param>
/// <param name="Y">Turns a world unit down.</param>
/// <param name="Phase">Turns at the origin.</param>
/// <param name="Drift">Turns a frame.</param>
internal readonly record struct Fold(double X, double Y, double Phase, double Drift)
{
    /// <summary>A wave of any direction and phase; lengths in world units, speed in world units a frame.</summary>
    public static Fold Draw(PhiloxStream random, double shortest, double longest, double speed) =>
        Draw(random, shortest, longest, speed, random.NextDouble());

    /// <summary>A wave that runs along <paramref name="direction"/> (turns, clockwise from the right).</summary>
    public static Fold Draw(PhiloxStream random, double shortest, double longest, double speed, double direction)
    {
        double frequency = 1 / (shortest + ((longest - shortest) * random.NextDouble()));
        return new(frequency * Turn.Cos(direction), frequency * Turn.Sin(direction), random.NextDouble(), -frequency * speed);
    }

    public double At(double x, double y, int frame) => Turn.Sin((X * x) + (Y * y) + Phase + (Drift * frame));
}
