using System.IO.Compression;
using System.Text;
using CsCheck;
using Ppma.Learning.Checkpoints;

namespace Ppma.Learning.Tests.Checkpoints;

public sealed class PyTorchFileTests
{
    private static readonly byte[] TwoFloats = [.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f)];

    [Fact]
    public void Read_OneTensor_GivesItsValues()
    {
        using var folder = new TemporaryFolder();
        using var file = PyTorchFile.Read(Archive(folder, Model(Tensor()), TwoFloats));
        var tensor = Assert.Single(file.Models)["w"];
        Assert.Equal([1.5f, -2f], tensor.data<float>().ToArray());
    }

    [Theory]
    [InlineData("os", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("torch.storage", "_load_from_bytes")]
    public void Read_CallOfAnythingElse_IsRefusedByName(string module, string name)
    {
        using var folder = new TemporaryFolder();
        byte[] pickle = [0x80, 2, .. Ascii($"c{module}\n{name}\n"), .. Text("echo"), 0x85, (byte)'R', (byte)'.'];
        var error = Assert.Throws<CheckpointFormatException>(() => PyTorchFile.Read(Archive(folder, pickle, TwoFloats)));
        Assert.Contains($"'{module}.{name}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 0, 3, 1, "reaches outside")] // longer than its storage
    [InlineData(2, 1, 2, 1, "reaches outside")] // begins too late
    [InlineData(2, 0, 2, 2, "reaches outside")] // strides too far
    [InlineData(5, 0, 2, 1, "needs 5 elements")] // storage that is not there
    public void Read_TensorOutsideItsBytes_IsRefused(byte elements, byte offset, byte length, byte stride, string problem)
    {
        using var folder = new TemporaryFolder();
        string path = Archive(folder, Model(Tensor(elements, offset, length, stride)), TwoFloats);
        var error = Assert.Throws<CheckpointFormatException>(() => PyTorchFile.Read(path));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoZip_IsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x.pt"), [0x80, 2, (byte)'.']);
        Assert.Throws<CheckpointFormatException>(() => PyTorchFile.Read(folder.File("x.pt")));
    }

    [Fact]
    public void Read_AnyBytesAsPickle_NeverEndsInAnotherException() =>
        Gen.Byte.Array[0, 40].Sample(bytes =>
        {
            try
            {
                Unpickler.Read(bytes, "x.pt");
            }
            catch (CheckpointFormatException)
            {
            }
        });

    [Fact]
    public void Read_OneByteOfAPickleChanged_NeverEndsInAnotherException()
    {
        byte[] pickle = Model(Tensor());
        Gen.Select(Gen.Int[0, pickle.Length - 1], Gen.Byte).Sample((position, value) =>
        {
            var changed = pickle.ToArray();
            changed[position] = value;
            try
            {
                Unpickler.Read(changed, "x.pt");
            }
            catch (CheckpointFormatException)
            {
            }
        });
    }

    private static byte[] Model(byte[] tensor) => [0x80, 2, (byte)'}', .. Text("model"), (byte)'}', .. Text("w"), .. tensor, (byte)'s', (byte)'s', (byte)'.'];

    // _rebuild_tensor_v2((storage), offset, (length,), (stride,))
    private static byte[] Tensor(byte elements = 2, byte offset = 0, byte length = 2, byte stride = 1) =>
    [
        .. Ascii("ctorch._utils\n_rebuild_tensor_v2\n"), (byte)'(',
        (byte)'(', .. Text("storage"), .. Ascii("ctorch\nFloatStorage\n"), .. Text("0"), .. Text("cpu"), (byte)'K', elements, (byte)'t', (byte)'Q',
        (byte)'K', offset, (byte)'K', length, 0x85, (byte)'K', stride, 0x85, (byte)'t', (byte)'R',
    ];

    private static byte[] Text(string text) => [(byte)'X', .. BitConverter.GetBytes(text.Length), .. Ascii(text)];

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static string Archive(TemporaryFolder folder, byte[] pickle, byte[] data)
    {
        string path = folder.File("x.pt");
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, content) in new[] { ("x/data.pkl", pickle), ("x/data/0", data) })
        {
            using var entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
            entry.Write(content);
        }

        return path;
    }
}
