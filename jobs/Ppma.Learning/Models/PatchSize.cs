namespace Ppma.Learning.Models;

/// <summary>One patch (tubelet): frames, then height and width in pixels.</summary>
public readonly record struct PatchSize(int Frames, int Height, int Width);
