using Ppma.Datasets.Randomness;

namespace Ppma.Video.Synthesis;

/// <summary>A class of scenes without figures. Scenes are told apart by their looks; all of them move.</summary>
internal sealed record ContextClass(string Name, Func<PhiloxStream, Shade> Draw)
{
    public static IReadOnlyList<ContextClass> All { get; } =
    [
        new("carousel", Carousel),
        new("clouds", Clouds),
        new("curtain", Curtain),
        new("dunes", Dunes),
        new("sea", Sea),
        new("sunset", Sunset),
        new("tiles", Tiles),
        new("tunnel", Tunnel),
    ];

    /// <summary>The scene in colours of its own: every channel runs from dark to light.</summary>
    public Scene DrawScene(PhiloxStream random)
    {
        Colour dark = new(0.3 * random.NextDouble(), 0.3 * random.NextDouble(), 0.3 * random.NextDouble());
        Colour light = new(0.7 + (0.3 * random.NextDouble()), 0.7 + (0.3 * random.NextDouble()), 0.7 + (0.3 * random.NextDouble()));
        return new(dark, light, Draw(random));
    }

    /// <summary>Stripes on a floor that turns around the middle.</summary>
    private static Shade Carousel(PhiloxStream random)
    {
        double start = random.NextDouble();
        double perFrame = (0.012 + (0.012 * random.NextDouble())) * Sign(random);
        Fold stripes = Fold.Draw(random, 20, 30, 0, direction: 0);
        return (x, y, frame) =>
        {
            Point turned = new Point(x - 16, y - 16).Rotate(start + (perFrame * frame));
            return 0.5 + (turned.Y / 60) + (0.26 * stripes.At(turned.X, turned.Y, frame));
        };
    }

    /// <summary>Soft blobs that drift together, darker towards the ground.</summary>
    private static Shade Clouds(PhiloxStream random)
    {
        Point pan = Pan(random);
        Fold[] folds = [Fold.Draw(random, 24, 40, 0), Fold.Draw(random, 24, 40, 0), Fold.Draw(random, 16, 24, 0)];
        return (x, y, frame) =>
        {
            double sceneX = x + (pan.X * frame);
            double sceneY = y + (pan.Y * frame);
            return 0.75 - (0.5 * y / 32) + (0.13 * (folds[0].At(sceneX, sceneY, 0) + folds[1].At(sceneX, sceneY, 0)))
                + (0.1 * folds[2].At(sceneX, sceneY, 0));
        };
    }

    /// <summary>Upright folds that sway sideways, lit from above.</summary>
    private static Shade Curtain(PhiloxStream random)
    {
        Fold pleats = Fold.Draw(random, 14, 20, Speed(random) * Sign(random), direction: 0);
        Fold sway = Fold.Draw(random, 40, 60, 1, direction: 0.25);
        return (x, y, frame) => 0.72 - (0.44 * y / 32) + (0.24 * pleats.At(x + (2 * sway.At(x, y, frame)), y, frame));
    }

    /// <summary>Slanting ridges, darker towards the near side.</summary>
    private static Shade Dunes(PhiloxStream random)
    {
        double slant = 0.25 + ((0.07 + (0.05 * random.NextDouble())) * Sign(random));
        Fold ridges = Fold.Draw(random, 16, 24, Speed(random), slant);
        Fold bends = Fold.Draw(random, 30, 50, 0, slant + 0.25);
        return (x, y, frame) => 0.75 - (0.5 * y / 32) + (0.22 * ridges.At(x, y + (2 * bends.At(x, y, frame)), frame));
    }

    /// <summary>A bright sky that meets rolling waves at a horizon.</summary>
    private static Shade Sea(PhiloxStream random)
    {
        double horizon = 7 + (5 * random.NextDouble());
        Fold waves = Fold.Draw(random, 12, 18, Speed(random), direction: 0.25);
        Fold swell = Fold.Draw(random, 30, 50, 1, direction: 0);
        return (x, y, frame) =>
        {
            double depth = y - horizon;
            return depth < 0
                ? 0.95 + (0.03 * depth)
                : 0.6 - (0.013 * depth) + (0.25 * waves.At(x, y + swell.At(x, y, frame), frame));
        };
    }

    /// <summary>A glow around a low sun that moves.</summary>
    private static Shade Sunset(PhiloxStream random)
    {
        Point sun = new(6 + (20 * random.NextDouble()), 6 + (14 * random.NextDouble()));
        Point pan = Pan(random);
        return (x, y, frame) =>
        {
            double dx = x - sun.X - (pan.X * frame);
            double dy = y - sun.Y - (pan.Y * frame);
            double distance = Math.Sqrt((dx * dx) + (dy * dy));
            return 1.05 - (distance / 24) + (0.25 * distance * distance / 1024) - (0.15 * y / 32);
        };
    }

    /// <summary>A lattice of bumps that slides past.</summary>
    private static Shade Tiles(PhiloxStream random)
    {
        Point pan = Pan(random);
        Fold across = Fold.Draw(random, 18, 26, 0, direction: 0);
        Fold down = Fold.Draw(random, 18, 26, 0, direction: 0.25);
        return (x, y, frame) =>
        {
            double sceneX = x + (pan.X * frame);
            double sceneY = y + (pan.Y * frame);
            return 0.7 - (0.4 * y / 32) + (0.3 * across.At(sceneX, 0, 0) * down.At(0, sceneY, 0));
        };
    }

    /// <summary>Rings that open towards the viewer.</summary>
    private static Shade Tunnel(PhiloxStream random)
    {
        Point eye = new(12 + (8 * random.NextDouble()), 12 + (8 * random.NextDouble()));
        Fold rings = Fold.Draw(random, 14, 20, Speed(random), direction: 0);
        return (x, y, frame) =>
        {
            double dx = x - eye.X;
            double dy = y - eye.Y;
            double distance = Math.Sqrt((dx * dx) + (dy * dy));
            return 0.25 + (distance / 45) + (0.22 * rings.At(distance, 0, frame));
        };
    }

    /// <summary>World units a frame.</summary>
    private static double Speed(PhiloxStream random) => 0.4 + (0.8 * random.NextDouble());

    private static Point Pan(PhiloxStream random) => Speed(random) * new Point(1, 0).Rotate(random.NextDouble());

    private static double Sign(PhiloxStream random) => random.NextInt32(2) == 0 ? 1 : -1;
}
