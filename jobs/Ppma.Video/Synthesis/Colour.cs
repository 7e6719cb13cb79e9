namespace Ppma.Video.Synthesis;

/// <summary>Red, green and blue in 0..1.</summary>
internal readonly record struct Colour(double R, double G, double B)
{
    /// <summary>BT.601 luma.</summary>
    public double Luma => (0.299 * R) + (0.587 * G) + (0.114 * B);

    public static Colour Lerp(Colour from, Colour to, double share) => new(
        from.R + ((to.R - from.R) * share),
        from.G + ((to.G - from.G) * share),
        from.B + ((to.B - from.B) * share));
}
