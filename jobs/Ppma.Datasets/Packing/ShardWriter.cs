using System.IO.Hashing;
using System.Security.Cryptography;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Tar;

namespace Ppma.Datasets.Packing;

/// <summary>One shard in the making: a tar whose hash is taken while it is written.</summary>
internal sealed class ShardWriter : IDisposable
{
    private readonly FileStream _file;
    private readonly TarWriter _tar;
    private readonly List<SampleRecord> _samples = [];

    public ShardWriter(string path)
    {
        Path = path;

        // Unbuffered, so that closing after a full disk cannot fail once more.
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _tar = new TarWriter(_file);
    }

    public string Path { get; }

    public bool IsEmpty => _samples.Count == 0;

    /// <summary>Size of the shard if it also held members of these lengths and were then closed.</summary>
    public long LengthWith(int videoBytes, int metadataBytes) =>
        _tar.Length + TarWriter.BytesOf(videoBytes) + TarWriter.BytesOf(metadataBytes) + (2 * TarHeader.BlockBytes);

    public void Add(string key, string extension, ReadOnlySpan<byte> video, int label, ReadOnlySpan<byte> metadata)
    {
        long videoOffset = _tar.Add($"{key}.{extension}", video);
        long metadataOffset = _tar.Add($"{key}.json", metadata);
        _samples.Add(new SampleRecord(
            key, videoOffset, video.Length, XxHash3.HashToUInt64(video), label, metadataOffset, metadata.Length));
    }

    /// <summary>Ends the tar, writes its offsets file beside it and brings both to the disk.</summary>
    public ShardEntry Complete(string name, string split)
    {
        _tar.Finish();
        _file.Flush(flushToDisk: true);
        byte[] offsets = OffsetTable.Serialize(_samples);
        using var offsetsFile = new FileStream(Path + OffsetTable.FileExtension, FileMode.CreateNew, FileAccess.Write);
        offsetsFile.Write(offsets);
        offsetsFile.Flush(flushToDisk: true);
        return new ShardEntry
        {
            Name = name,
            Split = split,
            Bytes = _tar.Length,
            Samples = _samples.Count,
            Sha256 = _tar.Sha256(),
            Offsets = new OffsetsFile(name + OffsetTable.FileExtension, Convert.ToHexStringLower(SHA256.HashData(offsets))),
        };
    }

    public void Dispose()
    {
        _tar.Dispose();
        _file.Dispose();
    }
}
