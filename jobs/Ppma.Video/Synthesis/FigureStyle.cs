using Ppma.Datasets.Randomness;

namespace Ppma.Video.Synthesis;

/// <summary>How a figure is drawn; lengths in world units. Every colour is brighter than any ground by 0.3 or more.</summary>
internal sealed record FigureStyle
{
    public required Colour Head { get; init; }

    public required Colour Torso { get; init; }

    public required Colour Limbs { get; init; }

    public required double HeadRadius { get; init; }

    /// <summary>Positive for a head drawn as a ring.</summary>
    public double HeadHole { get; init; }

    public required double TorsoRadius { get; init; }

    public required double LimbRadius { get; init; }

    public required double ArmLength { get; init; }

    public required double LegLength { get; init; }

    /// <summary>Bend at elbow and knee, in turns.</summary>
    public double Bend { get; init; }

    /// <summary>The synthetic set: one colour, thin straight limbs, a round head.</summary>
    public static FigureStyle Stick(PhiloxStream random)
    {
        Colour colour = Bright(random);
        double radius = 0.9 + (0.4 * random.NextDouble());
        return new()
        {
            Head = colour,
            Torso = colour,
            Limbs = colour,
            HeadRadius = 2 + (0.5 * random.NextDouble()),
            TorsoRadius = radius,
            LimbRadius = radius,
            ArmLength = 7 + random.NextDouble(),
            LegLength = 5.5 + random.NextDouble(),
        };
    }

    /// <summary>The downstream set: three colours, a broad torso, bent limbs, an open head.</summary>
    public static FigureStyle Puppet(PhiloxStream random)
    {
        double headRadius = 2.4 + (0.8 * random.NextDouble());
        return new()
        {
            Head = Bright(random),
            Torso = Bright(random),
            Limbs = Bright(random),
            HeadRadius = headRadius,
            HeadHole = headRadius - 1.5,
            TorsoRadius = 1.5 + (0.5 * random.NextDouble()),
            LimbRadius = 0.8 + (0.3 * random.NextDouble()),
            ArmLength = 6 + random.NextDouble(),
            LegLength = 5 + random.NextDouble(),
            Bend = 0.06 + (0.06 * random.NextDouble()),
        };
    }

    private static Colour Bright(PhiloxStream random) => new(
        0.8 + (0.2 * random.NextDouble()),
        0.85 + (0.15 * random.NextDouble()),
        0.7 + (0.3 * random.NextDouble()));
}
