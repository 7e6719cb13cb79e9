using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Ppma.Learning.Checkpoints;

/// <summary>
/// The models of a PyTorch checkpoint (<c>.pt</c>, the zip format of torch 1.6 and later), in float32 on the CPU: one under
/// <c>model</c>, several under <c>ensemble_weights</c>. Of what else is in the file only a description is kept.
/// </summary>
public sealed class PyTorchFile : IDisposable
{
    // Half precision doubles, and a tensor may be shared: more is a file that wants memory and not weights.
    private const int MostGrowth = 8;

    private PyTorchFile(
        IReadOnlyList<IReadOnlyDictionary<string, Tensor>> models,
        IReadOnlyList<IReadOnlyDictionary<string, ScalarType>> storedTypes,
        IReadOnlyDictionary<string, string> others)
    {
        Models = models;
        StoredTypes = storedTypes;
        Others = others;
    }

    /// <summary>State dicts by published name.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, Tensor>> Models { get; }

    /// <summary>Element types in the file, before all became float32, model by model.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, ScalarType>> StoredTypes { get; }

    /// <summary>What else lies at the top of the file, such as epoch and optimiser: its name and a description.</summary>
    public IReadOnlyDictionary<string, string> Others { get; }

    /// <exception cref="CheckpointFormatException">The file is damaged, hostile or of another kind.</exception>
    public static PyTorchFile Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Read(stream, path);
    }

    internal static PyTorchFile Read(Stream stream, string path)
    {
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return Read(new PyTorchArchive(archive, path, stream.Length));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException or ExternalException or NotSupportedException)
        {
            throw new CheckpointFormatException(
                path, $"it is no zip archive of torch 1.6 or later, or a damaged one; save or download it again ({e.Message})", e);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in Models.SelectMany(model => model.Values))
        {
            tensor.Dispose();
        }
    }

    private static PyTorchFile Read(PyTorchArchive archive)
    {
        var content = Unpickler.Read(archive.Pickle(), archive.Path) as Dictionary<object, object?>
            ?? throw archive.Refuse("what it holds is no dictionary.");
        var states = StateDicts(content, archive).Select(state => StateDict(state, archive)).ToList();
        RequireSize(states, archive);

        using var scope = NewDisposeScope();
        var models = states.Select(_ => new Dictionary<string, Tensor>()).ToList();
        var placed = states.SelectMany((state, model) => state.Select(entry => (Model: model, Name: entry.Key, Tensor: entry.Value)));
        foreach (var shared in placed.GroupBy(entry => entry.Tensor.Storage.Key))
        {
            using var reading = NewDisposeScope();
            var storage = shared.First().Tensor.Storage;
            var (type, bytes) = ElementType(storage.Kind, archive);
            var elements = archive.Storage(storage, type, bytes);
            foreach (var (model, name, tensor) in shared)
            {
                if (tensor.Storage != storage || !Fits(tensor))
                {
                    throw archive.Refuse($"tensor '{name}' reaches outside its own bytes.");
                }

                models[model].Add(
                    name,
                    elements.as_strided(tensor.Shape, tensor.Strides, tensor.Offset).to(ScalarType.Float32, copy: true).contiguous().MoveToOuterDisposeScope());
            }
        }

        foreach (var tensor in models.SelectMany(model => model.Values))
        {
            tensor.DetachFromDisposeScope();
        }

        return new PyTorchFile(
            models,
            [.. states.Select(state => state.ToDictionary(entry => entry.Key, entry => ElementType(entry.Value.Storage.Kind, archive).Type))],
            OthersOf(content));
    }

    private static IReadOnlyList<object?> StateDicts(Dictionary<object, object?> content, PyTorchArchive archive) =>
        content.TryGetValue("model", out var model) ? [model]
        : content.TryGetValue("ensemble_weights", out var members) && members is IReadOnlyList<object?> { Count: > 0 } list ? list
        : throw archive.Refuse("it has neither 'model' nor a list 'ensemble_weights' at the top.");

    private static Dictionary<string, PickleTensor> StateDict(object? state, PyTorchArchive archive) =>
        state is Dictionary<object, object?> entries && entries.All(entry => entry.Key is string && entry.Value is PickleTensor)
            ? entries.ToDictionary(entry => (string)entry.Key, entry => (PickleTensor)entry.Value!)
            : throw archive.Refuse("a model in it is no dictionary of names and tensors.");

    private static void RequireSize(List<Dictionary<string, PickleTensor>> states, PyTorchArchive archive)
    {
        var bytes = states.SelectMany(state => state.Values)
            .Aggregate(UInt128.Zero, (sum, tensor) => sum + ((UInt128)sizeof(float) * Elements(tensor)));
        if (bytes > (UInt128)(MostGrowth * archive.FileBytes))
        {
            throw archive.Refuse($"its tensors would take {bytes} bytes of memory, over {MostGrowth} times the file's {archive.FileBytes}.");
        }
    }

    /// <summary>Every element lies inside the storage, and there are no more of them than it holds.</summary>
    private static bool Fits(PickleTensor tensor)
    {
        if (tensor.Shape.Length != tensor.Strides.Length || tensor.Offset < 0 || tensor.Offset > tensor.Storage.Elements
            || tensor.Shape.Concat(tensor.Strides).Any(number => number < 0))
        {
            return false;
        }

        if (tensor.Shape.Contains(0))
        {
            // The library computes with the other axes of an empty tensor too.
            return tensor.Shape.Concat(tensor.Strides).All(number => number <= short.MaxValue) && tensor.Shape.Length <= 4;
        }

        if (Elements(tensor) > (UInt128)tensor.Storage.Elements)
        {
            return false;
        }

        var last = (UInt128)tensor.Offset;
        for (int axis = 0; axis < tensor.Shape.Length; axis++)
        {
            last += (UInt128)(tensor.Shape[axis] - 1) * (UInt128)tensor.Strides[axis];
        }

        return last < (UInt128)tensor.Storage.Elements;
    }

    // More than any storage holds where the product would leave 128 bits, or an axis is negative.
    private static UInt128 Elements(PickleTensor tensor)
    {
        var most = (UInt128)long.MaxValue;
        return tensor.Shape.Contains(0) ? 0 : tensor.Shape.Aggregate(
            UInt128.One, (product, axis) => axis < 0 ? most : UInt128.Min(most, product * (UInt128)axis));
    }

    private static Dictionary<string, string> OthersOf(Dictionary<object, object?> content) => content
        .Where(entry => entry.Key is string and not ("model" or "ensemble_weights"))
        .ToDictionary(entry => (string)entry.Key, entry => entry.Value switch
        {
            Dictionary<object, object?> dictionary => $"dictionary of {dictionary.Count}",
            IReadOnlyList<object?> list => $"list of {list.Count}",
            PickleTensor tensor => $"tensor ({string.Join(", ", tensor.Shape)})",
            null => "None",
            var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        });

    private static (ScalarType Type, int Bytes) ElementType(string kind, PyTorchArchive archive) => kind switch
    {
        "FloatStorage" => (ScalarType.Float32, 4),
        "HalfStorage" => (ScalarType.Float16, 2),
        "BFloat16Storage" => (ScalarType.BFloat16, 2),
        "DoubleStorage" => (ScalarType.Float64, 8),
        "LongStorage" => (ScalarType.Int64, 8),
        "IntStorage" => (ScalarType.Int32, 4),
        _ => throw archive.Refuse($"it has a tensor of kind '{kind}', which no weight is."),
    };
}
