using Ppma.Datasets.Randomness;

namespace Ppma.Video.Synthesis;

/// <summary>
/// Where a figure is and how it holds itself. Every field is a 65,536th of a full cycle (of the frame's width or
/// height for the position, of a turn for the angles), so adding to it wraps around exactly.
/// </summary>
/// <remarks>
/// Poses form a finite group. The first pose of a clip is drawn uniformly from it and each frame adds a constant
/// <see cref="Motion"/>, so the pose of every frame is uniform, whatever the motion: a single frame says
/// nothing about the class.
/// </remarks>
internal readonly record struct Pose(ushort X, ushort Y, ushort Heading, ushort LeftArm, ushort RightArm, ushort Stride)
{
    private const double Cycle = 65536;

    /// <summary>Centre of the body in world units.</summary>
    public Point Centre => new(X * (Canvas.World / Cycle), Y * (Canvas.World / Cycle));

    public double HeadingTurns => Heading / Cycle;

    public double LeftArmTurns => LeftArm / Cycle;

    public double RightArmTurns => RightArm / Cycle;

    public double StrideTurns => Stride / Cycle;

    /// <summary>Any pose, each as likely as the next.</summary>
    public static Pose Draw(PhiloxStream random) => new(
        Field(random), Field(random), Field(random), Field(random), Field(random), Field(random));

    /// <summary>The pose <paramref name="frames"/> frames later.</summary>
    public Pose After(int frames, Motion motion) => unchecked(new(
        (ushort)(X + (frames * motion.X)),
        (ushort)(Y + (frames * motion.Y)),
        (ushort)(Heading + (frames * motion.Heading)),
        (ushort)(LeftArm + (frames * motion.Arms)),
        (ushort)(RightArm + (frames * motion.Arms)),
        (ushort)(Stride + (frames * motion.Stride))));

    private static ushort Field(PhiloxStream random) => (ushort)(random.NextUInt32() >> 16);
}
