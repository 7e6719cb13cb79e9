namespace Ppma.Video.Synthesis;

/// <summary>
/// A class of movement, as the sign of each speed. Classes come in pairs of opposite sign, which hold the same frames
/// in opposite order.
/// </summary>
internal sealed record MotionClass(string Name, int Right = 0, int Down = 0, int Clockwise = 0, int ArmsClockwise = 0)
{
    /// <summary>What the figures of the synthetic set do: one thing at a time.</summary>
    public static IReadOnlyList<MotionClass> Synthetic { get; } =
    [
        new("float-left", Right: -1),
        new("float-right", Right: 1),
        new("rise", Down: -1),
        new("sink", Down: 1),
        new("cartwheel-clockwise", Clockwise: 1),
        new("cartwheel-counterclockwise", Clockwise: -1),
        new("arm-circles-clockwise", ArmsClockwise: 1),
        new("arm-circles-counterclockwise", ArmsClockwise: -1),
    ];

    /// <summary>What the figures of the downstream set do: diagonals, and two things at once.</summary>
    public static IReadOnlyList<MotionClass> Actions { get; } =
    [
        new("leap-up-left", Right: -1, Down: -1),
        new("leap-up-right", Right: 1, Down: -1),
        new("dive-down-left", Right: -1, Down: 1),
        new("dive-down-right", Right: 1, Down: 1),
        new("roll-left-clockwise", Right: -1, Clockwise: 1),
        new("roll-left-counterclockwise", Right: -1, Clockwise: -1),
        new("roll-right-clockwise", Right: 1, Clockwise: 1),
        new("roll-right-counterclockwise", Right: 1, Clockwise: -1),
    ];
}
