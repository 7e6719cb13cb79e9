using CsCheck;
using Ppma.Datasets.Randomness;
using Ppma.Video.Synthesis;

namespace Ppma.Video.Tests.Synthesis;

public sealed class PoseTests
{
    private static readonly Gen<ushort> Field = Gen.UShort;

    private static readonly Gen<Pose> AnyPose =
        Gen.Select(Field, Field, Field, Field, Field, Field, (x, y, heading, left, right, stride) =>
            new Pose(x, y, heading, left, right, stride));

    private static readonly Gen<Motion> AnyMotion =
        from index in Gen.Int[0, ClipRenderer.ClassCount - 1]
        from actions in Gen.Bool
        from seed in Gen.Long
        select Motion.Draw(
            (actions ? MotionClass.Actions : MotionClass.Synthetic)[index],
            new PhiloxStream(seed, RandomPurpose.Synthesis));

    /// <summary>
    /// A motion only permutes the poses: what is uniform in the first frame is uniform in every frame, so no single
    /// frame tells the class.
    /// </summary>
    [Fact]
    public void After_AnyMotion_IsUndoneByTheOppositeMotion() =>
        Gen.Select(AnyPose, AnyMotion, Gen.Int[0, ClipRenderer.Frames - 1]).Sample((pose, motion, frames) =>
        {
            Motion opposite = new(-motion.X, -motion.Y, -motion.Heading, -motion.Arms, -motion.Stride);
            return pose.After(frames, motion).After(frames, opposite) == pose;
        });

    [Fact]
    public void Draw_EveryClass_MovesEnoughToBeSeen()
    {
        foreach (MotionClass motionClass in MotionClass.Synthetic.Concat(MotionClass.Actions))
        {
            for (int sample = 0; sample < 200; sample++)
            {
                Motion motion = Motion.Draw(motionClass, new PhiloxStream(1, RandomPurpose.Synthesis, sample: sample));
                double pixels = Math.Sqrt(Math.Pow(motion.X, 2) + Math.Pow(motion.Y, 2)) * ClipRenderer.Size / 65536;
                double radians = Math.Max(Math.Abs(motion.Heading), Math.Abs(motion.Arms)) * Math.Tau / 65536;
                Assert.True(pixels >= 2.5 || radians >= 0.6, $"{motionClass.Name}: {pixels:F2} pixels, {radians:F2} radians a frame");
                Assert.True(pixels < ClipRenderer.Size / 4.0 && radians < Math.PI / 2, $"{motionClass.Name} looks the same backwards");
            }
        }
    }

    [Fact]
    public void Classes_OfBothFigureSets_ComeInOppositePairs()
    {
        foreach (IReadOnlyList<MotionClass> classes in new[] { MotionClass.Synthetic, MotionClass.Actions })
        {
            Assert.All(classes, c => Assert.Single(classes, other =>
                (other.Right, other.Down, other.Clockwise, other.ArmsClockwise)
                    == (-c.Right, -c.Down, -c.Clockwise, -c.ArmsClockwise)));
        }
    }

    [Fact]
    public void Classes_OfAllSets_HaveDifferentNames()
    {
        string[] names = [.. Enum.GetValues<SyntheticSet>().SelectMany(ClipRenderer.Classes)];
        Assert.Equal(3 * ClipRenderer.ClassCount, names.Distinct(StringComparer.Ordinal).Count());
    }
}
