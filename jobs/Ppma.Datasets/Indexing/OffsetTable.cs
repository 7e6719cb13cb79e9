using System.Buffers.Binary;
using System.Text;

namespace Ppma.Datasets.Indexing;

/// <summary>
/// The samples of one shard in the order of their bytes, held as the offsets file holds them
/// (docs/reference/dataset-format.md): fixed records, then keys.
/// </summary>
internal sealed class OffsetTable
{
    public const int Version = 1;
    public const string FileExtension = ".idx";
    public const int HeaderBytes = 16;
    private const int RecordBytes = 44;
    private const string Repack = "Pack the data set again";

    private readonly byte[] _bytes;

    private OffsetTable(byte[] bytes, int count)
    {
        _bytes = bytes;
        Count = count;
    }

    public int Count { get; }

    /// <summary>Memory that the table takes.</summary>
    public int Bytes => _bytes.Length;

    private static ReadOnlySpan<byte> Magic => "PPMA-IDX"u8;

    public long OffsetOf(int sample) => BinaryPrimitives.ReadInt64LittleEndian(Record(sample));

    public int LabelOf(int sample) => BinaryPrimitives.ReadInt32LittleEndian(Record(sample)[32..]);

    public ReadOnlySpan<byte> KeyOf(int sample)
    {
        ReadOnlySpan<byte> record = Record(sample);
        int start = BinaryPrimitives.ReadInt32LittleEndian(record[36..]);
        int length = BinaryPrimitives.ReadInt32LittleEndian(record[40..]);
        return _bytes.AsSpan(start, length);
    }

    public SampleRecord this[int sample]
    {
        get
        {
            ReadOnlySpan<byte> record = Record(sample);
            return new SampleRecord(
                Encoding.UTF8.GetString(KeyOf(sample)),
                BinaryPrimitives.ReadInt64LittleEndian(record),
                BinaryPrimitives.ReadInt32LittleEndian(record[24..]),
                BinaryPrimitives.ReadUInt64LittleEndian(record[8..]),
                BinaryPrimitives.ReadInt32LittleEndian(record[32..]),
                BinaryPrimitives.ReadInt64LittleEndian(record[16..]),
                BinaryPrimitives.ReadInt32LittleEndian(record[28..]));
        }
    }

    /// <summary>The bytes of an offsets file.</summary>
    public static byte[] Serialize(IReadOnlyList<SampleRecord> samples)
    {
        int keyStart = HeaderBytes + (samples.Count * RecordBytes);
        byte[] bytes = new byte[keyStart + samples.Sum(sample => Encoding.UTF8.GetByteCount(sample.Key))];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), samples.Count);
        for (int i = 0; i < samples.Count; i++)
        {
            SampleRecord sample = samples[i];
            int keyLength = Encoding.UTF8.GetBytes(sample.Key, bytes.AsSpan(keyStart));
            Span<byte> record = bytes.AsSpan(HeaderBytes + (i * RecordBytes), RecordBytes);
            BinaryPrimitives.WriteInt64LittleEndian(record, sample.Offset);
            BinaryPrimitives.WriteUInt64LittleEndian(record[8..], sample.Hash);
            BinaryPrimitives.WriteInt64LittleEndian(record[16..], sample.MetadataOffset);
            BinaryPrimitives.WriteInt32LittleEndian(record[24..], sample.Length);
            BinaryPrimitives.WriteInt32LittleEndian(record[28..], sample.MetadataLength);
            BinaryPrimitives.WriteInt32LittleEndian(record[32..], sample.Label);
            BinaryPrimitives.WriteInt32LittleEndian(record[36..], keyStart);
            BinaryPrimitives.WriteInt32LittleEndian(record[40..], keyLength);
            keyStart += keyLength;
        }

        return bytes;
    }

    /// <summary>Whether a file that begins so is an offsets file.</summary>
    public static bool IsOne(ReadOnlySpan<byte> begin) => begin.Length >= HeaderBytes && begin.StartsWith(Magic);

    /// <summary>Takes over the bytes of an offsets file after checking them against the index.</summary>
    /// <exception cref="DatasetFormatException">The first problem found, with its sample.</exception>
    public static OffsetTable Parse(byte[] bytes, ShardEntry shard, int classes, string file)
    {
        if (!IsOne(bytes))
        {
            throw Wrong(file, "is no offsets file", Repack);
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8));
        if (version != Version)
        {
            throw Wrong(file, $"has version {version}; this program reads version {Version}", "Use the program that wrote it");
        }

        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12));
        if (count != shard.Samples)
        {
            throw Wrong(file, $"lists {count} samples, but the index says that shard '{shard.Name}' has {shard.Samples}", Repack);
        }

        if (bytes.Length - HeaderBytes < (long)count * RecordBytes)
        {
            throw Wrong(file, $"ends before the last of its {count} samples", Repack);
        }

        var table = new OffsetTable(bytes, count);
        long end = 0;
        for (int i = 0; i < count; i++)
        {
            if (table.ProblemOf(i, shard, classes, ref end) is { } problem)
            {
                throw Wrong(file, $"sample {i} of shard '{shard.Name}' {problem}", Repack);
            }
        }

        return table;
    }

    private string? ProblemOf(int sample, ShardEntry shard, int classes, ref long end)
    {
        ReadOnlySpan<byte> record = Record(sample);
        long keyStart = BinaryPrimitives.ReadInt32LittleEndian(record[36..]);
        int keyLength = BinaryPrimitives.ReadInt32LittleEndian(record[40..]);
        if (keyStart < HeaderBytes || keyLength <= 0 || keyStart + keyLength > _bytes.Length)
        {
            return "has no key";
        }

        // Field by field: a record object would make a string a sample, and there may be millions.
        long offset = BinaryPrimitives.ReadInt64LittleEndian(record);
        int length = BinaryPrimitives.ReadInt32LittleEndian(record[24..]);
        if (length <= 0 || offset < end || length > shard.Bytes - offset)
        {
            return $"('{this[sample].Key}') claims bytes {offset} to {offset + length}, but only {end} to {shard.Bytes} are free";
        }

        long metadataOffset = BinaryPrimitives.ReadInt64LittleEndian(record[16..]);
        int metadataLength = BinaryPrimitives.ReadInt32LittleEndian(record[28..]);
        if (metadataLength < 0 || metadataOffset < 0 || metadataLength > shard.Bytes - metadataOffset)
        {
            return $"('{this[sample].Key}') has metadata outside the shard's {shard.Bytes} bytes";
        }

        int label = LabelOf(sample);
        if (classes == 0 ? label != -1 : label < 0 || label >= classes)
        {
            return classes == 0
                ? $"('{this[sample].Key}') has label {label}, but the data set has no classes"
                : $"('{this[sample].Key}') has label {label}, but the labels of {classes} classes are 0 to {classes - 1}";
        }

        end = offset + length;
        return null;
    }

    private ReadOnlySpan<byte> Record(int sample) => _bytes.AsSpan(HeaderBytes + (sample * RecordBytes), RecordBytes);

    private static DatasetFormatException Wrong(string file, string problem, string fix) =>
        new(DatasetFault.Malformed, file, problem, fix);
}
