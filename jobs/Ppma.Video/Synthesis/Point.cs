namespace Ppma.Video.Synthesis;

/// <summary>A place or direction in world units: 32 to the frame's width, x to the right, y down.</summary>
internal readonly record struct Point(double X, double Y)
{
    public static Point operator +(Point a, Point b) => new(a.X + b.X, a.Y + b.Y);

    public static Point operator -(Point a, Point b) => new(a.X - b.X, a.Y - b.Y);

    public static Point operator *(double factor, Point p) => new(factor * p.X, factor * p.Y);

    /// <summary>Turns clockwise on the screen.</summary>
    public Point Rotate(double turns)
    {
        double sine = Turn.Sin(turns);
        double cosine = Turn.Cos(turns);
        return new((X * cosine) - (Y * sine), (X * sine) + (Y * cosine));
    }
}
