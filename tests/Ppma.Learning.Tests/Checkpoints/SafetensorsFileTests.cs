using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Ppma.Learning.Checkpoints;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Checkpoints;

public sealed class SafetensorsFileTests
{
    [Fact]
    public void Write_ThenRead_GivesEveryTypeAndShapeBack()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var tensors = new Dictionary<string, Tensor>
        {
            ["matrix"] = arange(6, dtype: ScalarType.Float32).view(2, 3).transpose(0, 1),
            ["half"] = ones(3, dtype: ScalarType.BFloat16),
            ["counts"] = arange(4, dtype: ScalarType.Int64),
            ["flags"] = tensor(new[] { true, false }),
            ["scalar"] = tensor(2.5),
            ["nothing"] = zeros(0, 4),
        };
        SafetensorsFile.Write(folder.File("a.safetensors"), tensors, new Dictionary<string, string> { ["about"] = "a \"test\"" });

        using var read = SafetensorsFile.Read(folder.File("a.safetensors"));
        Assert.Equal("a \"test\"", read.Metadata["about"]);
        Assert.Equal(tensors.Keys.Order(), read.Tensors.Keys.Order());
        Assert.All(tensors, entry =>
        {
            Assert.Equal(entry.Value.dtype, read.Tensors[entry.Key].dtype);
            Assert.Equal(entry.Value.shape, read.Tensors[entry.Key].shape);
            Assert.True(entry.Value.equal(read.Tensors[entry.Key]).all().item<bool>());
        });
    }

    [Fact]
    public void Write_EqualContent_GivesEqualBytesAlignedToEight()
    {
        using var scope = NewDisposeScope();
        using var one = new MemoryStream();
        using var two = new MemoryStream();
        SafetensorsFile.Write(one, new Dictionary<string, Tensor> { ["b"] = ones(3), ["a"] = zeros(1) });
        SafetensorsFile.Write(two, new Dictionary<string, Tensor> { ["a"] = zeros(1), ["b"] = ones(3) });
        Assert.Equal(one.ToArray(), two.ToArray());
        Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(one.ToArray()) % 8);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "needs 8 bytes but has 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 2, "cut short")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "was added to")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "overlap or leave a hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "no safetensors header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "no safetensors header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "no safetensors header")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,4]}}""", 4, "needs 8 bytes but has 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9]}}""", 4, "needs 4 bytes but has 9")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[[[[[[[[[1]]]]]]]]]],"data_offsets":[0,4]}}""", 4, "no safetensors header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "cannot be")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775803,9223372036854775807]}}""", 4, "no safetensors header")]
    [InlineData("""{"a":{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}}""", 4, "'Q4'")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "no 'dtype'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "no safetensors header")]
    [InlineData("""{"a":3}""", 0, "no safetensors header")]
    [InlineData("""[1]""", 0, "no safetensors header")]
    [InlineData("""{"a":""", 0, "no safetensors header")]
    public void Read_HostileHeader_SaysWhatIsWrong(string header, int dataBytes, string problem)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.safetensors");
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        File.WriteAllBytes(path, [.. length, .. Encoding.UTF8.GetBytes(header), .. new byte[dataBytes]]);

        var error = Assert.Throws<CheckpointFormatException>(() => SafetensorsFile.Read(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 0 })]
    [InlineData(new byte[] { 0, 1, 0, 0, 0, 0, 0, 0, 123 })]
    public void Read_HostileLength_IsRefused(byte[] content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x.safetensors"), content);
        Assert.Throws<CheckpointFormatException>(() => SafetensorsFile.Read(folder.File("x.safetensors")));
    }

    [Fact]
    public void Read_CutAtAnyByteOrWithBytesChanged_GivesTensorsOrTheReasonWhyNot()
    {
        byte[] good = Good();
        for (int length = 0; length < good.Length; length++)
        {
            Assert.Throws<CheckpointFormatException>(() => SafetensorsFile.Read(new MemoryStream(good, 0, length), "x.safetensors"));
        }

        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 3].Sample(
            changes =>
            {
                byte[] changed = good.ToArray();
                foreach (var (position, value) in changes)
                {
                    changed[position] = value;
                }

                try
                {
                    SafetensorsFile.Read(new MemoryStream(changed), "x.safetensors").Dispose();
                }
                catch (CheckpointFormatException)
                {
                }
            },
            iter: 2_000);
    }

    private static byte[] Good()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, new Dictionary<string, Tensor> { ["a"] = ones(2, 3), ["b"] = arange(4, dtype: ScalarType.Int64) });
        return stream.ToArray();
    }
}
