namespace Ppma.Api.Tasks;

/// <summary>How decoded frames become numbers.</summary>
public enum PixelPath
{
    /// <summary>Full-size RGB24 as PyAV gives it, then float scaling as published.</summary>
    Reference,

    /// <summary>Scaled in swscale to 8 bits.</summary>
    Fast,
}
