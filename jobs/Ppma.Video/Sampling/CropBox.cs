namespace Ppma.Video.Sampling;

/// <summary>A rectangle of pixels by its top-left corner and its size.</summary>
public readonly record struct CropBox(int Top, int Left, int Height, int Width);
