using System.Buffers.Binary;
using System.Text;

namespace Ppma.Worker.Tests.Tracking;

/// <summary>Reads what TensorBoard would of an event file, from the published formats alone: a CRC bit by bit, a protobuf by wire types.</summary>
internal static class RecordReader
{
    /// <summary>One scalar or picture, or the start of an attempt.</summary>
    public sealed record Item(long Step, double WallTime, string Tag, float? Value = null, byte[]? Picture = null, long Width = 0, long Height = 0);

    public static IReadOnlyList<Item> Read(string path) => [.. Records(File.ReadAllBytes(path)).SelectMany(Items)];

    /// <summary>The files of a folder as TensorBoard shows them: a start drops what was known of its step and later ones.</summary>
    public static IReadOnlyList<Item> ReadFolder(string folder)
    {
        var known = new List<Item>();
        foreach (Item item in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).SelectMany(Read))
        {
            if (item.Tag == "start")
            {
                known.RemoveAll(earlier => earlier.Step >= item.Step);
            }
            else if (!item.Tag.StartsWith("version", StringComparison.Ordinal))
            {
                known.Add(item);
            }
        }

        return known;
    }

    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (int at = 0; at < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(Masked(file.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            byte[] record = file[(at + 12)..(at + 12 + length)];
            Assert.Equal(Masked(record), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            yield return record;
            at += 16 + length;
        }
    }

    private static IEnumerable<Item> Items(byte[] record)
    {
        Dictionary<int, List<object>> message = Fields(record);
        double time = BitConverter.Int64BitsToDouble((long)(ulong)message[1].Single());
        long step = message.TryGetValue(2, out List<object>? steps) ? (long)(ulong)steps.Single() : 0;
        if (message.TryGetValue(3, out List<object>? version))
        {
            yield return new Item(step, time, $"version {Encoding.UTF8.GetString((byte[])version.Single())}");
        }

        if (message.TryGetValue(7, out List<object>? session))
        {
            Assert.Equal(1UL, Fields((byte[])session.Single())[1].Single());
            yield return new Item(step, time, "start");
        }

        foreach (object summary in message.GetValueOrDefault(5, []))
        {
            foreach (object value in Fields((byte[])summary).GetValueOrDefault(1, []))
            {
                yield return Value(step, time, Fields((byte[])value));
            }
        }
    }

    private static Item Value(long step, double time, Dictionary<int, List<object>> value)
    {
        string tag = Encoding.UTF8.GetString((byte[])value[1].Single());
        if (!value.TryGetValue(4, out List<object>? image))
        {
            return new Item(step, time, tag, BitConverter.UInt32BitsToSingle((uint)value[2].Single()));
        }

        Dictionary<int, List<object>> picture = Fields((byte[])image.Single());
        Assert.Equal(3UL, picture[3].Single());
        return new Item(
            step, time, tag, Picture: (byte[])picture[4].Single(), Height: (long)(ulong)picture[1].Single(), Width: (long)(ulong)picture[2].Single());
    }

    private static Dictionary<int, List<object>> Fields(byte[] message)
    {
        var fields = new Dictionary<int, List<object>>();
        int at = 0;
        while (at < message.Length)
        {
            ulong key = Varint();
            object value = (key & 7) switch
            {
                0 => Varint(),
                1 => BinaryPrimitives.ReadUInt64LittleEndian(Take(8)),
                2 => Take((int)Varint()),
                5 => BinaryPrimitives.ReadUInt32LittleEndian(Take(4)),
                _ => throw new InvalidDataException($"Wire type {key & 7} at byte {at}."),
            };
            if (!fields.TryGetValue((int)(key >> 3), out List<object>? values))
            {
                fields[(int)(key >> 3)] = values = [];
            }

            values.Add(value);
        }

        return fields;

        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte part = message[at++];
                value |= (ulong)(part & 0x7F) << shift;
                if (part < 0x80)
                {
                    return value;
                }
            }
        }

        byte[] Take(int bytes) => message[at..(at += bytes)];
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
            }
        }

        crc = ~crc;
        return unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8);
    }
}
