using System.Buffers.Binary;
using System.Globalization;

namespace Ppma.Datasets.Mds;

/// <summary>A column of an MDS shard.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Encoding">How its values are written: <c>bytes</c>, <c>str</c>, <c>int</c>, …</param>
/// <param name="Bytes">Length of every value; null where each sample says its own.</param>
internal sealed record MdsColumn(string Name, string Encoding, int? Bytes)
{
    public bool IsBytes => Encoding == "bytes";

    public bool IsText => Encoding is "str";

    public bool IsInteger => Encoding is "int" or "int8" or "int16" or "int32" or "int64" or "uint8" or "uint16" or "uint32" or "uint64" or "str_int";

    /// <summary>A value of a column of integers; null where it has the wrong length or fits no long.</summary>
    public long? ReadInteger(ReadOnlySpan<byte> value) => (Encoding, value.Length) switch
    {
        ("int" or "int64", 8) => BinaryPrimitives.ReadInt64LittleEndian(value),
        ("int32", 4) => BinaryPrimitives.ReadInt32LittleEndian(value),
        ("int16", 2) => BinaryPrimitives.ReadInt16LittleEndian(value),
        ("int8", 1) => (sbyte)value[0],
        ("uint64", 8) => BinaryPrimitives.ReadUInt64LittleEndian(value) is <= long.MaxValue and var large ? (long)large : null,
        ("uint32", 4) => BinaryPrimitives.ReadUInt32LittleEndian(value),
        ("uint16", 2) => BinaryPrimitives.ReadUInt16LittleEndian(value),
        ("uint8", 1) => value[0],
        ("str_int", _) => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null,
        _ => null,
    };

    public static string ReadText(ReadOnlySpan<byte> value) => System.Text.Encoding.UTF8.GetString(value);
}
