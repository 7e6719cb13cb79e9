using Ppma.Video.Augmentation;

namespace Ppma.Video.Loading;

/// <summary>How clips are cut from videos and views from clips (PPMA, "Implementation details").</summary>
public sealed record ClipCut
{
    /// <summary>Frames of a clip.</summary>
    public required int Frames { get; init; }

    /// <summary>Length of the window that the frames are spread over.</summary>
    public required double ClipSeconds { get; init; }

    /// <summary>Short side that frames are scaled to in 8 bits while they are decoded (the fast path); 0 decodes full frames.</summary>
    public int DecodeShortSide { get; init; }

    /// <summary>What becomes of a decoded clip.</summary>
    public required ViewSettings Views { get; init; }

    /// <summary>Whether views are kept in 8 bits until they are on the device.</summary>
    internal bool IsFast => DecodeShortSide > 0;
}
