namespace Ppma.Video.Synthesis;

/// <summary>
/// One square frame, drawn with anti-aliased edges in world units. Shapes that leave the frame on one side come in on
/// the other: what is drawn has the same area wherever it stands.
/// </summary>
internal sealed class Canvas(int size)
{
    /// <summary>World units across the frame.</summary>
    public const int World = 32;

    private readonly double _pixelsPerUnit = (double)size / World;
    private readonly Colour[] _pixels = new Colour[size * size];

    /// <summary>Colour of every pixel, given the world coordinates of its centre.</summary>
    public void Fill(Func<Point, Colour> shade)
    {
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                _pixels[(y * size) + x] = shade(new((x + 0.5) / _pixelsPerUnit, (y + 0.5) / _pixelsPerUnit));
            }
        }
    }

    /// <summary>A line with round ends.</summary>
    public void Capsule(Point from, Point to, double radius, Colour colour)
    {
        Point along = to - from;
        double lengthSquared = (along.X * along.X) + (along.Y * along.Y);
        Draw(
            new(Math.Min(from.X, to.X), Math.Min(from.Y, to.Y)),
            new(Math.Max(from.X, to.X), Math.Max(from.Y, to.Y)),
            radius,
            p =>
            {
                Point d = p - from;
                double share = lengthSquared > 0
                    ? Math.Clamp(((d.X * along.X) + (d.Y * along.Y)) / lengthSquared, 0, 1)
                    : 0;
                Point off = d - (share * along);
                return Math.Sqrt((off.X * off.X) + (off.Y * off.Y)) - radius;
            },
            _ => colour);
    }

    /// <summary>A disc, or a ring when <paramref name="hole"/> is positive.</summary>
    public void Disc(Point centre, double radius, Colour colour, double hole = 0) => Draw(
        centre,
        centre,
        radius,
        p =>
        {
            Point d = p - centre;
            double distance = Math.Sqrt((d.X * d.X) + (d.Y * d.Y));
            return hole > 0 ? Math.Max(distance - radius, hole - distance) : distance - radius;
        },
        _ => colour);

    /// <summary>A ball lit from the upper left.</summary>
    public void Ball(Point centre, double radius, Colour dark, Colour light) => Draw(
        centre,
        centre,
        radius,
        p =>
        {
            Point d = p - centre;
            return Math.Sqrt((d.X * d.X) + (d.Y * d.Y)) - radius;
        },
        p => Colour.Lerp(light, dark, Math.Clamp(0.5 + ((p.X - centre.X + p.Y - centre.Y) / (2.8 * radius)), 0, 1)));

    /// <summary>An upright box lit from above.</summary>
    public void Box(Point centre, Point half, Colour dark, Colour light) => Draw(
        centre - half,
        centre + half,
        0,
        p => Math.Max(Math.Abs(p.X - centre.X) - half.X, Math.Abs(p.Y - centre.Y) - half.Y),
        p => Colour.Lerp(light, dark, Math.Clamp(0.5 + ((p.Y - centre.Y) / (2.2 * half.Y)), 0, 1)));

    /// <summary>Adds <paramref name="offset"/>() to all three channels of every pixel, in raster order.</summary>
    public void AddGrain(Func<double> offset)
    {
        for (int i = 0; i < _pixels.Length; i++)
        {
            double grain = offset();
            Colour c = _pixels[i];
            _pixels[i] = new(c.R + grain, c.G + grain, c.B + grain);
        }
    }

    /// <summary>Writes size × size × 3 bytes, rounded to the nearest level.</summary>
    public void CopyTo(Span<byte> rgb)
    {
        for (int i = 0; i < _pixels.Length; i++)
        {
            rgb[(3 * i) + 0] = Level(_pixels[i].R);
            rgb[(3 * i) + 1] = Level(_pixels[i].G);
            rgb[(3 * i) + 2] = Level(_pixels[i].B);
        }
    }

    private static byte Level(double value) => (byte)((Math.Clamp(value, 0, 1) * 255) + 0.5);

    private void Draw(Point least, Point most, double margin, Func<Point, double> distance, Func<Point, Colour> colour)
    {
        int left = (int)Math.Floor((least.X - margin) * _pixelsPerUnit) - 1;
        int right = (int)Math.Floor((most.X + margin) * _pixelsPerUnit) + 1;
        int top = (int)Math.Floor((least.Y - margin) * _pixelsPerUnit) - 1;
        int bottom = (int)Math.Floor((most.Y + margin) * _pixelsPerUnit) + 1;
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                Point p = new((x + 0.5) / _pixelsPerUnit, (y + 0.5) / _pixelsPerUnit);
                double cover = Math.Clamp(0.5 - (distance(p) * _pixelsPerUnit), 0, 1);
                if (cover > 0)
                {
                    ref Colour pixel = ref _pixels[(Wrap(y) * size) + Wrap(x)];
                    pixel = Colour.Lerp(pixel, colour(p), cover);
                }
            }
        }
    }

    private int Wrap(int coordinate) => ((coordinate % size) + size) % size;
}
