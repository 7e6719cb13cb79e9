namespace Ppma.Video.Synthesis;

/// <summary>An articulated figure: head, torso, two arms that circle at the shoulder, two legs that swing at the hip.</summary>
internal static class Figure
{
    private const double LegSpreadTurns = 0.06;
    private const double LegSwingTurns = 0.04;

    private static readonly Point Neck = new(0, -3);
    private static readonly Point Shoulder = new(0, -2);
    private static readonly Point Hip = new(0, 3);

    public static void Draw(Canvas canvas, FigureStyle style, Pose pose)
    {
        double swing = LegSwingTurns * Turn.Sin(pose.StrideTurns);
        Limb(Hip, style.LegLength, LegSpreadTurns + swing, style.Bend);
        Limb(Hip, style.LegLength, -LegSpreadTurns - swing, style.Bend);
        canvas.Capsule(Place(Neck), Place(Hip), style.TorsoRadius, style.Torso);
        Limb(Shoulder, style.ArmLength, pose.LeftArmTurns, style.Bend);
        Limb(Shoulder, style.ArmLength, pose.RightArmTurns, -style.Bend);
        canvas.Disc(Place(Neck + new Point(0, -style.HeadRadius)), style.HeadRadius, style.Head, style.HeadHole);

        void Limb(Point joint, double length, double turns, double bend)
        {
            Point half = new(0, length / 2);
            Point middle = joint + half.Rotate(turns);
            Point end = middle + half.Rotate(turns + bend);
            canvas.Capsule(Place(joint), Place(middle), style.LimbRadius, style.Limbs);
            canvas.Capsule(Place(middle), Place(end), style.LimbRadius, style.Limbs);
        }

        Point Place(Point local) => pose.Centre + local.Rotate(pose.HeadingTurns);
    }
}
