namespace Ppma.Video.Synthesis;

/// <summary>Brightness (about 0..1) of a place in a frame.</summary>
/// <param name="x">World units to the right, seen from the camera.</param>
/// <param name="y">World units down.</param>
/// <param name="frame">Frames since the start.</param>
internal delegate double Shade(double x, double y, int frame);

/// <summary>
/// A ground to draw on: a shade between two colours. Grounds are smooth and never flat: every patch holds a gradient
/// for a masked autoencoder to predict, where a flat one would hold nothing but coding noise.
/// </summary>
internal sealed record Scene(Colour Dark, Colour Light, Shade Shade)
{
    public void Paint(Canvas canvas, int frame) =>
        canvas.Fill(p => Colour.Lerp(Dark, Light, Math.Clamp(Shade(p.X, p.Y, frame), 0, 1)));
}
