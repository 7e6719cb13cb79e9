namespace Ppma.Datasets.Tar;

/// <summary>A regular file in a tar.</summary>
/// <param name="Name">Full name, forward slashes.</param>
/// <param name="Offset">Where its bytes begin in the tar.</param>
/// <param name="Length">How many there are.</param>
internal readonly record struct TarMember(string Name, long Offset, long Length);
