using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Ppma.Learning.Tests.Checkpoints;

/// <summary>Archives of stored entries whose every size and offset is in a zip64 field, as for entries over 4 GB (APPNOTE 6.3.10, 4.5.3).</summary>
internal static class Zip64
{
    public static byte[] Archive(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using var directory = new MemoryStream();
        foreach (var (name, content) in entries)
        {
            long offset = stream.Position;
            byte[] sizes = [.. Number(content.Length, 8), .. Number(content.Length, 8)];
            byte[] common = [.. Number(45, 2), .. Number(0x800, 2), .. Number(0, 2), .. Number(0, 4), .. Number(Crc32.HashToUInt32(content), 4), .. Full, .. Full];
            byte[] text = Encoding.ASCII.GetBytes(name);
            stream.Write([.. Signature(0x04034b50), .. common, .. Number(text.Length, 2), .. Number(20, 2), .. text, .. Number(1, 2), .. Number(16, 2), .. sizes]);
            stream.Write(content);
            directory.Write([
                .. Signature(0x02014b50), .. Number(45, 2), .. common, .. Number(text.Length, 2), .. Number(28, 2), .. Number(0, 2), .. Number(0, 2), .. Number(0, 2),
                .. Number(0, 4), .. Full, .. text, .. Number(1, 2), .. Number(24, 2), .. sizes, .. Number(offset, 8),
            ]);
        }

        long start = stream.Position;
        stream.Write(directory.ToArray());
        long end = stream.Position;
        stream.Write([
            .. Signature(0x06064b50), .. Number(44, 8), .. Number(45, 2), .. Number(45, 2), .. Number(0, 4), .. Number(0, 4), .. Number(entries.Length, 8),
            .. Number(entries.Length, 8), .. Number(end - start, 8), .. Number(start, 8),
            .. Signature(0x07064b50), .. Number(0, 4), .. Number(end, 8), .. Number(1, 4),
            .. Signature(0x06054b50), .. Number(0, 4), .. Number(0xffff, 2), .. Number(0xffff, 2), .. Full, .. Full, .. Number(0, 2),
        ]);
        return stream.ToArray();
    }

    // What says: see the zip64 field.
    private static byte[] Full => [0xff, 0xff, 0xff, 0xff];

    private static byte[] Signature(uint value) => Number(value, 4);

    private static byte[] Number(long value, int bytes)
    {
        var buffer = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(buffer, value);
        return buffer[..bytes];
    }
}
