using Ppma.Datasets.Randomness;

namespace Ppma.Video.Synthesis;

/// <summary>What a figure's pose gains in one frame, in the units of <see cref="Pose"/>.</summary>
internal readonly record struct Motion(int X, int Y, int Heading, int Arms, int Stride)
{
    /// <summary>2.5 to 3.5 of 32 pixels a frame.</summary>
    private const int SlowestShift = 5120;
    private const int FastestShift = 7168;

    /// <summary>0.6 to 0.9 radians a frame.</summary>
    private const int SlowestTurn = 6258;
    private const int FastestTurn = 9387;

    /// <summary>
    /// Draws speeds for a class. Every class draws the same numbers; only their signs and whether they are used differ.
    /// </summary>
    public static Motion Draw(MotionClass motionClass, PhiloxStream random)
    {
        int shift = Between(SlowestShift, FastestShift, random);
        int turn = Between(SlowestTurn, FastestTurn, random);
        int arms = Between(SlowestTurn, FastestTurn, random);
        int stride = Between(SlowestTurn, FastestTurn, random) * (random.NextInt32(2) == 0 ? 1 : -1);

        // On a diagonal each axis has three quarters, so that the speed along the path is about the same.
        int perAxis = motionClass.Right != 0 && motionClass.Down != 0 ? shift * 3 / 4 : shift;
        return new(
            perAxis * motionClass.Right,
            perAxis * motionClass.Down,
            turn * motionClass.Clockwise,
            arms * motionClass.ArmsClockwise,
            stride);
    }

    private static int Between(int least, int most, PhiloxStream random) => least + random.NextInt32(most - least + 1);
}
