using System.Buffers.Binary;
using System.Text;

namespace Ppma.Datasets.Tar;

/// <summary>The 512-byte header block of POSIX 1003.1 ustar and its GNU relatives.</summary>
internal static class TarHeader
{
    public const int BlockBytes = 512;

    public const int LongestName = 100;

    /// <summary>Data is padded to whole blocks.</summary>
    public static long Padded(long length) => (length + BlockBytes - 1) / BlockBytes * BlockBytes;

    public static byte TypeOf(ReadOnlySpan<byte> block) => block[156];

    /// <summary>Octal, or base-256 where the first bit is set (GNU, for sizes from 8 GiB).</summary>
    public static bool TryReadSize(ReadOnlySpan<byte> block, out long size) => TryReadNumber(block.Slice(124, 12), out size);

    public static string NameOf(ReadOnlySpan<byte> block)
    {
        string name = Text(block[..100]);
        bool isUstar = block.Slice(257, 6).SequenceEqual("ustar\0"u8);
        string prefix = isUstar ? Text(block.Slice(345, 155)) : "";
        return prefix.Length > 0 ? $"{prefix}/{name}" : name;
    }

    /// <summary>The sum of all bytes with the checksum field read as spaces; old writers summed signed bytes.</summary>
    public static bool HasValidChecksum(ReadOnlySpan<byte> block)
    {
        if (!TryReadNumber(block.Slice(148, 8), out long recorded))
        {
            return false;
        }

        long unsigned = 0, signed = 0;
        for (int i = 0; i < BlockBytes; i++)
        {
            byte value = i is >= 148 and < 156 ? (byte)' ' : block[i];
            unsigned += value;
            signed += (sbyte)value;
        }

        return recorded == unsigned || recorded == signed;
    }

    /// <summary>A regular file of root, mode 0644, modified at time 0: equal input gives equal bytes.</summary>
    public static void Write(Span<byte> block, ReadOnlySpan<byte> name, long size)
    {
        block.Clear();
        name.CopyTo(block);
        "0000644\0"u8.CopyTo(block[100..]);
        "0000000\0"u8.CopyTo(block[108..]);
        "0000000\0"u8.CopyTo(block[116..]);
        WriteOctal(block.Slice(124, 12), size, 11);
        "00000000000\0"u8.CopyTo(block[136..]);
        block[156] = (byte)'0';
        "ustar\000"u8.CopyTo(block[257..]);
        "0000000\0"u8.CopyTo(block[329..]);
        "0000000\0"u8.CopyTo(block[337..]);

        "        "u8.CopyTo(block[148..]);
        long sum = 0;
        foreach (byte value in block)
        {
            sum += value;
        }

        WriteOctal(block.Slice(148, 8), sum, 6);
        block[154] = 0;
        block[155] = (byte)' ';
    }

    private static void WriteOctal(Span<byte> field, long value, int digits)
    {
        for (int i = digits - 1; i >= 0; i--, value >>= 3)
        {
            field[i] = (byte)('0' + (value & 7));
        }
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        if ((field[0] & 0x80) != 0)
        {
            if (field.Length != 12 || field[0] != 0x80 || field[1] != 0 || field[2] != 0 || field[3] != 0)
            {
                return false;
            }

            value = BinaryPrimitives.ReadInt64BigEndian(field[4..]);
            return value >= 0;
        }

        ReadOnlySpan<byte> digits = field.Trim(" \0"u8);
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return digits.Length > 0 || field.Length == 12;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }
}
