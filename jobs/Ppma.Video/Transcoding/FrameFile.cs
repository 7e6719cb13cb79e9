namespace Ppma.Video.Transcoding;

/// <summary>One picture of a <see cref="FrameSequence"/>.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Bytes">A JPEG or PNG file.</param>
public readonly record struct FrameFile(string Name, ReadOnlyMemory<byte> Bytes);
