using Ppma.Datasets.Randomness;

namespace Ppma.Video.Synthesis;

/// <summary>Grounds behind figures. Their luma stays below 0.5, so that figures stand out.</summary>
internal static class FigureScenes
{
    /// <summary>The synthetic set: a still wall, darker towards one side, with one broad fold.</summary>
    public static Scene Plain(PhiloxStream random)
    {
        (Colour dark, Colour light) = Ground(random);
        double tilt = random.NextDouble();
        double slopeX = Turn.Cos(tilt) / 100;
        double slopeY = Turn.Sin(tilt) / 100;
        Fold fold = Fold.Draw(random, shortest: 30, longest: 60, speed: 0);
        return new(dark, light, (x, y, frame) =>
            0.5 + (slopeX * (x - 16)) + (slopeY * (y - 16)) + (0.2 * fold.At(x, y, frame)));
    }

    /// <summary>The downstream set: three folds of different length, under a camera that pans.</summary>
    public static Scene Textured(PhiloxStream random)
    {
        (Colour dark, Colour light) = Ground(random);
        Point pan = (0.4 + (1.2 * random.NextDouble())) * new Point(1, 0).Rotate(random.NextDouble());
        Fold broad = Fold.Draw(random, shortest: 30, longest: 50, speed: 0);
        Fold middle = Fold.Draw(random, shortest: 14, longest: 24, speed: 0);
        Fold narrow = Fold.Draw(random, shortest: 7, longest: 12, speed: 0);
        return new(dark, light, (x, y, frame) =>
        {
            double sceneX = x + (pan.X * frame);
            double sceneY = y + (pan.Y * frame);
            return 0.5 + (0.2 * broad.At(sceneX, sceneY, 0)) + (0.25 * middle.At(sceneX, sceneY, 0)) + (0.25 * narrow.At(sceneX, sceneY, 0));
        });
    }

    private static (Colour Dark, Colour Light) Ground(PhiloxStream random) => (
        new(0.02 + (0.1 * random.NextDouble()), 0.02 + (0.1 * random.NextDouble()), 0.02 + (0.1 * random.NextDouble())),
        new(0.35 + (0.2 * random.NextDouble()), 0.35 + (0.12 * random.NextDouble()), 0.35 + (0.25 * random.NextDouble())));
}
