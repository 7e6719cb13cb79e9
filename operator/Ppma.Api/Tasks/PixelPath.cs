namespace Ppma.Api.Tasks;

/// <summary>How decoded frames become numbers.</summary>
public enum PixelPath
{
    /// <summary>Full-size RGB24 as PyAV gives it, then float scaling as pinned by the golden files.</summary>
    Reference,

    /// <summary>Scaled in swscale to 8 bits.</summary>
    Fast,
}
