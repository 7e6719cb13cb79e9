using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace Ppma.Learning.Checkpoints;

/// <summary>
/// The models of a PyTorch checkpoint (<c>.pt</c>, the zip format of torch 1.6 and later), in float32 on the CPU: one under
/// <c>model</c>, several under <c>ensemble_weights</c>. Optimiser and counters in the file are left alone.
/// </summary>
public sealed class PyTorchFile : IDisposable
{
    private const long LongestPickle = 64 << 20;
    private const int BufferBytes = 1 << 20;

    private PyTorchFile(IReadOnlyList<IReadOnlyDictionary<string, Tensor>> models)
    {
        Models = models;
    }

    /// <summary>State dicts by published name.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, Tensor>> Models { get; }

    /// <exception cref="CheckpointFormatException">The file is damaged, hostile or of another kind.</exception>
    public static PyTorchFile Read(string path)
    {
        try
        {
            using var archive = ZipFile.OpenRead(path);
            return Read(archive, path);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new CheckpointFormatException(path, $"it is no zip archive, or a damaged one ({e.Message})", e);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in Models.SelectMany(model => model.Values))
        {
            tensor.Dispose();
        }
    }

    private static PyTorchFile Read(ZipArchive archive, string path)
    {
        const string pickleName = "data.pkl";
        var pickle = archive.Entries.FirstOrDefault(entry => entry.Name == pickleName)
            ?? throw new CheckpointFormatException(path, $"the archive has no {pickleName}; only files of torch.save are read.");
        string root = pickle.FullName[..^pickleName.Length];
        if (archive.GetEntry(root + "byteorder") is { } order && Encoding.ASCII.GetString(Bytes(order, 16, path)).Trim() is not "little" and var other)
        {
            throw new CheckpointFormatException(path, $"its numbers are {other}-endian; only little-endian files are read.");
        }

        var content = Unpickler.Read(Bytes(pickle, LongestPickle, path), path);
        using var scope = NewDisposeScope();
        var models = StateDicts(content, path).Select(state => StateDict(archive, root, state, path)).ToList();
        foreach (var tensor in models.SelectMany(model => model.Values))
        {
            tensor.DetachFromDisposeScope();
        }

        return new PyTorchFile(models);
    }

    private static List<object?> StateDicts(object? content, string path) => content switch
    {
        Dictionary<object, object?> top when top.TryGetValue("model", out var model) => [model],
        Dictionary<object, object?> top when top.TryGetValue("ensemble_weights", out var members) && members is List<object?> list => list,
        _ => throw new CheckpointFormatException(path, "it has neither 'model' nor a list 'ensemble_weights' at the top."),
    };

    private static Dictionary<string, Tensor> StateDict(ZipArchive archive, string root, object? state, string path)
    {
        if (state is not Dictionary<object, object?> entries || entries.Any(entry => entry.Key is not string || entry.Value is not PickleTensor))
        {
            throw new CheckpointFormatException(path, "a model in it is no dictionary of names and tensors.");
        }

        return entries.ToDictionary(entry => (string)entry.Key, entry => Tensor(archive, root, (string)entry.Key, (PickleTensor)entry.Value!, path));
    }

    private static Tensor Tensor(ZipArchive archive, string root, string name, PickleTensor tensor, string path)
    {
        var (type, bytes) = ElementType(tensor.Storage.Kind, path);
        var entry = archive.GetEntry($"{root}data/{tensor.Storage.Key}")
            ?? throw new CheckpointFormatException(path, $"the bytes of tensor '{name}' (data/{tensor.Storage.Key}) are missing.");
        if (entry.CompressedLength != entry.Length || tensor.Storage.Elements < 0 || entry.Length / bytes != tensor.Storage.Elements)
        {
            throw new CheckpointFormatException(
                path, $"tensor '{name}' needs {tensor.Storage.Elements} elements but data/{tensor.Storage.Key} has {entry.Length} bytes.");
        }

        if (!Fits(tensor))
        {
            throw new CheckpointFormatException(path, $"tensor '{name}' reaches outside its own bytes.");
        }

        var storage = empty(tensor.Storage.Elements, dtype: type);
        if (tensor.Storage.Elements > 0)
        {
            using var stream = entry.Open();
            storage.ReadBytesFromStream(stream, BufferBytes);
        }

        return storage.as_strided(tensor.Shape, tensor.Strides, tensor.Offset).to(ScalarType.Float32, copy: true).contiguous();
    }

    /// <summary>Every element lies inside the storage, and there are no more of them than it holds.</summary>
    private static bool Fits(PickleTensor tensor)
    {
        if (tensor.Shape.Length != tensor.Strides.Length || tensor.Offset < 0 || tensor.Shape.Concat(tensor.Strides).Any(number => number < 0))
        {
            return false;
        }

        UInt128 elements = 1;
        UInt128 last = (UInt128)tensor.Offset;
        for (int axis = 0; axis < tensor.Shape.Length && elements > 0 && elements <= (UInt128)tensor.Storage.Elements; axis++)
        {
            elements *= (UInt128)tensor.Shape[axis];
            last += (UInt128)Math.Max(tensor.Shape[axis] - 1, 0) * (UInt128)tensor.Strides[axis];
        }

        return elements == 0 || (elements <= (UInt128)tensor.Storage.Elements && last < (UInt128)tensor.Storage.Elements);
    }

    private static (ScalarType Type, int Bytes) ElementType(string kind, string path) => kind switch
    {
        "FloatStorage" => (ScalarType.Float32, 4),
        "HalfStorage" => (ScalarType.Float16, 2),
        "BFloat16Storage" => (ScalarType.BFloat16, 2),
        "DoubleStorage" => (ScalarType.Float64, 8),
        "LongStorage" => (ScalarType.Int64, 8),
        "IntStorage" => (ScalarType.Int32, 4),
        _ => throw new CheckpointFormatException(path, $"it has a tensor of kind '{kind}', which no weight is."),
    };

    private static byte[] Bytes(ZipArchiveEntry entry, long longest, string path)
    {
        if (entry.Length > longest || entry.CompressedLength != entry.Length)
        {
            throw new CheckpointFormatException(path, $"its '{entry.Name}' has {entry.Length} bytes (at most {longest}, uncompressed, are read).");
        }

        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }
}
