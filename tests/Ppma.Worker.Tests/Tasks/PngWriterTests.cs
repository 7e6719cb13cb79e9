using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using Ppma.Worker.Tasks;

namespace Ppma.Worker.Tests.Tasks;

public sealed class PngWriterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    [InlineData(64, 2)]
    public void Encode_AnyPixels_DecodesToThem(int width, int height)
    {
        byte[] rgb = [.. Enumerable.Range(0, width * height * 3).Select(i => (byte)(i * 37))];

        Dictionary<string, byte[]> chunks = Chunks(PngWriter.Encode(rgb, width, height));

        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Keys);
        Assert.Equal(width, BinaryPrimitives.ReadInt32BigEndian(chunks["IHDR"]));
        Assert.Equal(height, BinaryPrimitives.ReadInt32BigEndian(chunks["IHDR"].AsSpan(4)));
        Assert.Equal([8, 2, 0, 0, 0], chunks["IHDR"][8..]);
        Assert.Equal(rgb, Pixels(chunks["IDAT"], width));
    }

    [Fact]
    public void Encode_BytesOfAnotherSize_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => PngWriter.Encode(new byte[11], width: 2, height: 2));
    }

    private static Dictionary<string, byte[]> Chunks(byte[] png)
    {
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'], png[..8]);
        var chunks = new Dictionary<string, byte[]>();
        for (int start = 8; start < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(start));
            ReadOnlySpan<byte> typeAndData = png.AsSpan(start + 4, 4 + length);
            Assert.Equal(Crc32.HashToUInt32(typeAndData), BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(start + 8 + length)));
            chunks.Add(Encoding.ASCII.GetString(typeAndData[..4]), typeAndData[4..].ToArray());
            start += 12 + length;
        }

        return chunks;
    }

    private static IEnumerable<byte> Pixels(byte[] packed, int width)
    {
        using var zlib = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        foreach (byte[] row in rows.ToArray().Chunk(1 + (width * 3)))
        {
            Assert.Equal(0, row[0]); // No filter.
            foreach (byte value in row[1..])
            {
                yield return value;
            }
        }
    }
}
