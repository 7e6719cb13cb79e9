using Ppma.Learning.Checkpoints;
using static Ppma.Learning.Tests.Checkpoints.Pickles;
using static TorchSharp.torch;

namespace Ppma.Learning.Tests.Checkpoints;

public sealed class PyTorchFileTests
{
    [Fact]
    public void Read_OneTensor_GivesItsValues()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x.pt"), Archive(Model(Tensor()), Floats(1.5f, -2f)));
        using var file = PyTorchFile.Read(folder.File("x.pt"));
        Assert.Equal([1.5f, -2f], Assert.Single(file.Models)["w"].data<float>().ToArray());
    }

    [Theory]
    [InlineData("HalfStorage", ScalarType.Float16)]
    [InlineData("BFloat16Storage", ScalarType.BFloat16)]
    [InlineData("DoubleStorage", ScalarType.Float64)]
    [InlineData("LongStorage", ScalarType.Int64)]
    public void Read_AnotherElementType_BecomesFloat32AndSaysWhatItWas(string kind, ScalarType type)
    {
        using var values = tensor(new float[] { 3, -2 }).to_type(type);
        using var file = Read(Archive(Model(Tensor(Storage(kind, 2), 0, [2], [1])), values.bytes.ToArray()));
        Assert.Equal([3f, -2f], file.Models[0]["w"].data<float>().ToArray());
        Assert.Equal(type, file.StoredTypes[0]["w"]);
    }

    [Fact]
    public void Read_TransposedTensor_FollowsItsStrides()
    {
        using var file = Read(Archive(Model(Tensor(Storage("FloatStorage", 6), 0, [2, 3], [1, 2])), Floats(0, 1, 2, 3, 4, 5)));
        Assert.Equal([0f, 2f, 4f, 1f, 3f, 5f], file.Models[0]["w"].data<float>().ToArray());
    }

    [Fact]
    public void Read_TwoTensorsOverOneStorage_AreCopiesOfTheirOwn()
    {
        byte[] storage = Storage("FloatStorage", 3);
        using var file = Read(Archive(Model(Tensor(storage, 0, [2], [1]), Tensor(storage, 1, [2], [1])), Floats(1, 2, 3)));
        using var changed = file.Models[0]["w"].fill_(9);
        Assert.Equal([2f, 3f], file.Models[0]["w1"].data<float>().ToArray());
    }

    [Fact]
    public void Read_NamesFromTheStack_AreReadAsProtocol4WritesThem()
    {
        byte[] rebuild = [.. Text("torch._utils"), .. Text("_rebuild_tensor_v2"), 0x93];
        byte[] tensor = [.. rebuild, .. Tensor().AsSpan(Global("torch._utils", "_rebuild_tensor_v2").Length)];
        using var file = Read(Archive(Model(tensor), Floats(1, 2)));
        Assert.Equal(2, file.Models[0]["w"].numel());
    }

    [Fact]
    public void Read_Ensemble_GivesEveryMember()
    {
        byte[] member = [(byte)'}', .. Text("w"), .. Tensor(), (byte)'s'];
        byte[] pickle = [.. Protocol2, (byte)'}', .. Text("ensemble_weights"), (byte)']', (byte)'(', .. member, .. member, (byte)'e', (byte)'s', (byte)'.'];
        using var file = Read(Archive(pickle, Floats(1, 2)));
        Assert.Equal(2, file.Models.Count);
    }

    [Fact]
    public void Read_WhatElseIsInTheFile_IsDescribedAndNotKept()
    {
        byte[] model = Model(Tensor());
        byte[] pickle =
        [
            .. model[..^1], .. Text("epoch"), (byte)'K', 199, (byte)'s', .. Text("optimizer"), (byte)'}', (byte)'s', .. Text("scaler"), (byte)'N', (byte)'s', (byte)'.',
        ];
        using var file = Read(Archive(pickle, Floats(1, 2)));
        Assert.Equal(
            new Dictionary<string, string> { ["epoch"] = "199", ["optimizer"] = "dictionary of 0", ["scaler"] = "None" }, file.Others);
    }

    [Fact]
    public void Read_Zip64Records_AreReadAsTorchWritesLargeFiles()
    {
        using var file = Read(Zip64.Archive(("x/data.pkl", Model(Tensor())), ("x/data/0", Floats(1, 2))));
        Assert.Equal([1f, 2f], file.Models[0]["w"].data<float>().ToArray());
    }

    [Theory]
    [InlineData(2, 0, 3, 1, "reaches outside")] // longer than its storage
    [InlineData(2, 1, 2, 1, "reaches outside")] // begins too late
    [InlineData(2, 0, 2, 2, "reaches outside")] // strides too far
    [InlineData(5, 0, 2, 1, "needs 5 elements")] // storage that is not there
    public void Read_TensorOutsideItsBytes_IsRefused(byte elements, byte offset, byte length, byte stride, string problem)
    {
        var error = Assert.Throws<CheckpointFormatException>(() => Read(Archive(Model(Tensor(elements, offset, length, stride)), Floats(1, 2))));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static PyTorchFile Read(byte[] archive) => PyTorchFile.Read(new MemoryStream(archive), "x.pt");
}
