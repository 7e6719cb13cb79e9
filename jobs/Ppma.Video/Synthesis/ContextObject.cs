using Ppma.Datasets.Randomness;

namespace Ppma.Video.Synthesis;

/// <summary>A ball or box that crosses a scene in a straight line.</summary>
internal sealed record ContextObject(bool Round, double Radius, Point Start, Point PerFrame, Colour Dark, Colour Light)
{
    public static ContextObject Draw(PhiloxStream random)
    {
        bool round = random.NextInt32(2) == 0;
        double radius = 2.5 + (2 * random.NextDouble());
        Point start = new(Canvas.World * random.NextDouble(), Canvas.World * random.NextDouble());
        Point perFrame = (0.8 + random.NextDouble()) * new Point(1, 0).Rotate(random.NextDouble());
        Colour dark = new(0.4 * random.NextDouble(), 0.4 * random.NextDouble(), 0.4 * random.NextDouble());
        Colour light = new(dark.R + 0.55, dark.G + 0.55, dark.B + 0.55);
        return new(round, radius, start, perFrame, dark, light);
    }

    public void Paint(Canvas canvas, int frame)
    {
        Point centre = Start + ((double)frame * PerFrame);
        if (Round)
        {
            canvas.Ball(centre, Radius, Dark, Light);
        }
        else
        {
            canvas.Box(centre, new(Radius, Radius), Dark, Light);
        }
    }
}
