using System.IO.Compression;
using System.Text;

namespace Ppma.Learning.Tests.Checkpoints;

/// <summary>Pickles and archives byte by byte, as torch.save writes them and as it never would.</summary>
internal static class Pickles
{
    public static byte[] Protocol2 => [0x80, 2];

    /// <summary><c>{"model": {"w": tensor, …}}</c>.</summary>
    public static byte[] Model(params byte[][] tensors) =>
    [
        .. Protocol2, (byte)'}', .. Text("model"), (byte)'}',
        .. tensors.SelectMany((tensor, index) => (byte[])[.. Text(index == 0 ? "w" : $"w{index}"), .. tensor, (byte)'s']),
        (byte)'s', (byte)'.',
    ];

    /// <summary>A row of float32, by default the two of storage 0.</summary>
    public static byte[] Tensor(byte elements = 2, byte offset = 0, byte length = 2, byte stride = 1) =>
        Tensor(Storage("FloatStorage", elements), offset, [length], [stride]);

    /// <summary><c>_rebuild_tensor_v2(storage, offset, shape, strides)</c>.</summary>
    public static byte[] Tensor(byte[] storage, byte offset, byte[] shape, byte[] strides) =>
        [.. Global("torch._utils", "_rebuild_tensor_v2"), (byte)'(', .. storage, (byte)'K', offset, .. Tuple(shape), .. Tuple(strides), (byte)'t', (byte)'R'];

    public static byte[] Storage(string kind, byte elements, string key = "0") =>
    [
        (byte)'(', .. Text("storage"), .. Global("torch", kind), .. Text(key), .. Text("cpu"), (byte)'K', elements, (byte)'t', (byte)'Q',
    ];

    public static byte[] Tuple(params byte[] numbers) => [(byte)'(', .. numbers.SelectMany(number => (byte[])[(byte)'K', number]), (byte)'t'];

    public static byte[] Global(string module, string name) => Ascii($"c{module}\n{name}\n");

    public static byte[] Text(string text) => [(byte)'X', .. BitConverter.GetBytes(text.Length), .. Ascii(text)];

    public static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    public static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    /// <summary>A pickle and storage 0, stored as torch.save does.</summary>
    public static byte[] Archive(byte[] pickle, byte[] data) => Archive(("x/data.pkl", pickle), ("x/data/0", data));

    public static byte[] Archive(params (string Name, byte[] Content)[] entries) => Archive(CompressionLevel.NoCompression, entries);

    public static byte[] Archive(CompressionLevel level, params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }
}
