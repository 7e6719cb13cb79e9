using System.Buffers.Binary;
using System.Numerics;

namespace Ppma.Worker.Tracking;

/// <summary>Frames records as TensorFlow does: length, its CRC, bytes, their CRC. A torn last record is seen as such by readers.</summary>
internal sealed class RecordStream(Stream stream) : IDisposable
{
    /// <summary>Appends one record and hands it to the operating system.</summary>
    public void Write(ReadOnlySpan<byte> record)
    {
        byte[] framed = new byte[sizeof(ulong) + sizeof(uint) + record.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(framed, (ulong)record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(framed.AsSpan(8), MaskedCrc32C(framed.AsSpan(0, 8)));
        record.CopyTo(framed.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(framed.AsSpan(12 + record.Length), MaskedCrc32C(record));
        stream.Write(framed);
        stream.Flush();
    }

    public void Dispose() => stream.Dispose();

    /// <summary>CRC-32C (RFC 3720, appendix B.4).</summary>
    internal static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    // Rotated and shifted, since the CRC of bytes that hold their own CRC says little.
    private static uint MaskedCrc32C(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Crc32C(bytes), 15) + 0xA282EAD8;
}
