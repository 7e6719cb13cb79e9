using System.IO.Compression;
using CsCheck;
using Ppma.Learning.Checkpoints;
using static Ppma.Learning.Tests.Checkpoints.Pickles;

namespace Ppma.Learning.Tests.Checkpoints;

/// <summary>Files that want something run, or memory, or time: refused by name, whatever they hold.</summary>
public sealed class HostilePickleTests
{
    private const long MostBytes = 256 << 20;

    private static readonly byte[] Good = Archive(Model(Tensor()), Floats(1, 2));

    public static TheoryData<string, byte[]> Instructions { get; } = new()
    {
        { "'os.system'", [.. Global("os", "system"), .. Text("touch hostile"), 0x85, (byte)'R', (byte)'.'] },
        { "'posix.system'", [.. Global("posix", "system"), .. Text("touch hostile"), 0x85, (byte)'R', (byte)'.'] },
        { "'builtins.eval'", [.. Global("builtins", "eval"), .. Text("1"), 0x85, (byte)'R', (byte)'.'] },
        { "'numpy.core.multiarray._reconstruct'", [.. Global("numpy.core.multiarray", "_reconstruct"), (byte)')', (byte)'R', (byte)'.'] },
        { "'torch.storage._load_from_bytes'", [.. Global("torch.storage", "_load_from_bytes"), (byte)')', (byte)'R', (byte)'.'] },
        { "'subprocess.Popen'", [.. Text("subprocess"), .. Text("Popen"), 0x93, (byte)')', (byte)'R', (byte)'.'] },
        { "'os.environ'", [(byte)'}', .. Text("x"), .. Global("os", "environ"), (byte)'s', (byte)'.'] },
        { "'torch._utils._rebuild_tensor_v3'", [.. Global("torch._utils", "_rebuild_tensor_v3"), (byte)')', (byte)'R', (byte)'.'] },
        { "'torch.FloatStorage'", [.. Global("torch", "FloatStorage"), (byte)')', (byte)'R', (byte)'.'] },
        { "'collections.OrderedDict'", [.. Global("collections", "OrderedDict"), (byte)'N', 0x85, (byte)'R', (byte)'.'] },
        { "does not fit", [.. Global("torch", "FloatStorage"), (byte)'}', (byte)'b', (byte)'.'] },
        { "does not fit", [(byte)'}', .. Global("torch", "FloatStorage"), (byte)'b', (byte)'.'] },
        { "INST", [(byte)'(', .. Text("touch hostile"), .. Ascii("ios\nsystem\n"), (byte)'.'] },
        { "OBJ", [(byte)'(', .. Text("x"), (byte)'o', (byte)'.'] },
        { "NEWOBJ", [.. Global("collections", "OrderedDict"), (byte)')', 0x81, (byte)'.'] },
        { "NEWOBJ_EX", [.. Global("collections", "OrderedDict"), (byte)')', (byte)'}', 0x92, (byte)'.'] },
        { "EXT", [0x82, 1, (byte)'.'] },
        { "EXT", [0x83, 1, 0, (byte)'.'] },
        { "EXT", [0x84, 1, 0, 0, 0, (byte)'.'] },
        { "PERSID", [.. Ascii("P../../secret\n"), (byte)'.'] },
        { "bytes or text", [(byte)'B', 0xff, 0xff, 0xff, 0x7f, (byte)'.'] },
        { "NEXT_BUFFER", [0x97, (byte)'.'] },
        { "persistent id", [.. Text("secret"), (byte)'Q', (byte)'.'] },
        { "persistent id", [(byte)'(', .. Text("module"), .. Global("torch", "FloatStorage"), .. Text("0"), .. Text("cpu"), (byte)'K', 2, (byte)'t', (byte)'Q', (byte)'.'] },
        { "persistent id", [(byte)'(', .. Text("storage"), .. Text("FloatStorage"), .. Text("0"), .. Text("cpu"), (byte)'K', 2, (byte)'t', (byte)'Q', (byte)'.'] },
        { "protocol 6", [0x80, 6, (byte)'.'] },
        { "does not fit", [(byte)'X', 0xff, 0xff, 0xff, 0x7f, (byte)'.'] },
        { "does not fit", [(byte)'X', 0xff, 0xff, 0xff, 0xff, (byte)'.'] },
        { "does not fit", [0x8a, 255, (byte)'.'] },
        { "does not fit", [(byte)'h', 7, (byte)'.'] },
        { "does not fit", [(byte)'j', 0xff, 0xff, 0xff, 0xff, (byte)'.'] },
        { "does not fit", [(byte)'t', (byte)'.'] },
        { "does not fit", [(byte)'.'] },
        { "does not fit", [] },
        { "neither text nor a small integer", [(byte)'}', 0x8a, 6, 0, 0, 0, 0, 0, 1, (byte)'N', (byte)'s', (byte)'.'] },
        { "neither text nor a small integer", [(byte)'}', (byte)']', (byte)'N', (byte)'s', (byte)'.'] },
        { "neither text nor a small integer", [(byte)'}', (byte)'N', (byte)'N', (byte)'s', (byte)'.'] },
        { "more than 16 axes", Model(Tensor(Storage("FloatStorage", 2), 0, new byte[17], [1])) },
        { "no dictionary", [(byte)']', (byte)'.'] },
        { "neither 'model' nor", [(byte)'}', (byte)'.'] },
        { "no dictionary of names", [(byte)'}', (byte)'q', 0, .. Text("model"), (byte)'h', 0, (byte)'s', (byte)'.'] }, // its own model
        { "no dictionary of names", [(byte)'}', .. Text("model"), (byte)']', (byte)'q', 0, (byte)'h', 0, (byte)'a', (byte)'s', (byte)'.'] },
        { "data/../../secret' is missing", Model(Tensor(Storage("FloatStorage", 2, "../../secret"), 0, [2], [1])) },
        { "'CharStorage', which no weight is", Model(Tensor(Storage("CharStorage", 2), 0, [2], [1])) },
    };

    public static TheoryData<string, byte[]> Archives { get; } = new()
    {
        { "leads out of the archive", Archive(("x/data.pkl", Model(Tensor())), ("x/../../../tmp/data/0", Floats(1, 2))) },
        { "leads out of the archive", Archive(("/data.pkl", Model(Tensor())), ("/data/0", Floats(1, 2))) },
        { "two entries 'x/data.pkl'", Archive(("x/data.pkl", Model(Tensor())), ("x/data.pkl", Model(Tensor()))) },
        { "2 data.pkl, not one", Archive(("x/data.pkl", Model(Tensor())), ("y/data.pkl", Model(Tensor()))) },
        { "0 data.pkl, not one", Archive(("x/model.json", [])) },
        { "'data/0' is missing", Archive(("x/data.pkl", Model(Tensor()))) },
        { "is compressed", Archive(CompressionLevel.Optimal, ("x/data.pkl", new byte[1 << 20])) },
        { "big-endian", Archive(("x/data.pkl", Model(Tensor())), ("x/byteorder", Ascii("big")), ("x/data/0", Floats(1, 2))) },
        { "times the file's", Archive(Model([.. Enumerable.Repeat(Tensor(Storage("FloatStorage", 250), 0, [250], [1]), 400)]), new byte[1000]) },
        { "no zip archive", [.. Protocol2, (byte)'}', (byte)'.'] },
    };

    [Theory]
    [MemberData(nameof(Instructions))]
    public void Read_HostileInstruction_IsRefusedByNameAndRunsNothing(string problem, byte[] pickle)
    {
        var error = Assert.Throws<CheckpointFormatException>(() => Read(Archive(pickle, Floats(1, 2))));
        Assert.Contains("'x.pt'", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists("hostile"));
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void Read_HostileArchive_IsRefused(string problem, byte[] archive)
    {
        var error = Assert.Throws<CheckpointFormatException>(() => Read(archive));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreInstructionsThanAnyFileNeeds_IsRefusedWithinBounds() =>
        AssertBounded([.. Enumerable.Repeat((byte)'}', 2_000_000), (byte)'.'], "instructions");

    [Fact]
    public void Read_ListsInListsInLists_IsRefusedWithinBounds() =>
        AssertBounded([.. Enumerable.Repeat((byte)']', 400_000), .. Enumerable.Repeat((byte)'a', 399_999), (byte)'.'], "no dictionary");

    [Fact]
    public void Read_ListsThatHoldTheOneBeforeManyTimes_IsRefusedWithinBounds()
    {
        // Each list holds ten times the last one: 10^5000 elements for who would follow them.
        byte[] before = [.. Enumerable.Repeat<byte[]>([(byte)'h', 0], 10).SelectMany(get => get)];
        byte[] list = [(byte)']', (byte)'(', .. before, (byte)'e', (byte)'q', 0];
        AssertBounded([(byte)']', (byte)'q', 0, .. Enumerable.Repeat(list, 5_000).SelectMany(bytes => bytes), (byte)'.'], "no dictionary");
    }

    [Fact]
    public void Read_ANameThatATerminalWouldObey_IsPrintedWithoutItAndShort()
    {
        string escape = "\u001b]0;" + new string('x', 10_000);
        var error = Assert.Throws<CheckpointFormatException>(() => Read(Archive([.. Global(escape, "y"), (byte)'.'], [])));
        Assert.DoesNotContain('\u001b', error.Message);
        Assert.InRange(error.Message.Length, 1, 1_000);
    }

    [Fact]
    public void Read_CutAtAnyByte_IsRefused()
    {
        for (int length = 0; length < Good.Length; length++)
        {
            Assert.Throws<CheckpointFormatException>(() => Read(Good[..length]));
        }
    }

    [Fact]
    public void Read_AnyBytesAsPickle_NeverEndsInAnotherException() => Gen.Byte.Array[0, 60].Sample(bytes => Survives(Archive(bytes, Floats(1, 2))));

    [Fact]
    public void Read_BytesOfAPickleChanged_NeverEndsInAnotherException()
    {
        byte[] pickle = Model(Tensor());
        Changes(pickle).Sample(changed => Survives(Archive(changed, Floats(1, 2))), iter: 2_000);
    }

    [Fact]
    public void Read_BytesOfAnArchiveChanged_NeverEndsInAnotherException() => Changes(Good).Sample(Survives, iter: 2_000);

    private static Gen<byte[]> Changes(byte[] original) => Gen.Select(Gen.Int[0, original.Length - 1], Gen.Byte).Array[1, 3].Select(changes =>
    {
        var changed = original.ToArray();
        foreach (var (position, value) in changes)
        {
            changed[position] = value;
        }

        return changed;
    });

    private static void Survives(byte[] archive)
    {
        try
        {
            Read(archive).Dispose();
        }
        catch (CheckpointFormatException)
        {
        }
    }

    private static void AssertBounded(byte[] pickle, string problem)
    {
        byte[] archive = Archive(pickle, []);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<CheckpointFormatException>(() => Read(archive));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
    }

    private static PyTorchFile Read(byte[] archive) => PyTorchFile.Read(new MemoryStream(archive), "x.pt");
}
