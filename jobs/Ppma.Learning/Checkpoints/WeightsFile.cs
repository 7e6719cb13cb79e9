using System.Security.Cryptography;
using static TorchSharp.torch;

namespace Ppma.Learning.Checkpoints;

/// <summary>Weights to start from, out of any file that holds them. Owns its tensors, which are on the CPU.</summary>
public sealed class WeightsFile : IDisposable
{
    private readonly IDisposable owner;

    private WeightsFile(string path, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> models, IDisposable owner)
    {
        Path = path;
        Models = models;
        this.owner = owner;
    }

    /// <summary>The file itself, also where a folder was asked for.</summary>
    public string Path { get; }

    /// <summary>One state dict by published name, or several in an ensemble.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, Tensor>> Models { get; }

    /// <summary>Element types in the file, model by model; a <c>.pt</c> file's tensors are float32 whatever they are.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, ScalarType>> StoredTypes { get; init; }

    /// <summary>What else the file says: metadata of safetensors; epoch, optimiser and the like of a <c>.pt</c> file, described.</summary>
    public required IReadOnlyDictionary<string, string> Others { get; init; }

    /// <summary>The manifest beside the file, where it is one of a checkpoint folder.</summary>
    public CheckpointManifest? Checkpoint { get; private init; }

    /// <summary>
    /// Resolves a <c>.safetensors</c> file, a <c>.pt</c> file, the folder of one checkpoint, or the folder of a run's checkpoints (its
    /// newest whole one) to the file with the weights.
    /// </summary>
    /// <exception cref="FileNotFoundException">Nothing is there.</exception>
    /// <exception cref="CheckpointFormatException">The folder is no checkpoint, or a damaged one.</exception>
    public static string Locate(string path)
    {
        if (File.Exists(path))
        {
            return path;
        }

        if (!Directory.Exists(path))
        {
            throw new FileNotFoundException($"There are no weights at '{path}': give a .safetensors or .pt file, or a checkpoint folder.", path);
        }

        if (!File.Exists(System.IO.Path.Combine(path, CheckpointManifest.FileName)))
        {
            using var newest = new CheckpointStore(path, keepLast: 2).Load()
                ?? throw new CheckpointFormatException(path, "the folder holds no checkpoint.");
            return System.IO.Path.Combine(newest.Folder, CheckpointStore.ModelFile);
        }

        var (manifest, problem) = CheckpointManifest.Read(path);
        return (manifest is null ? problem : manifest.FindDamage(path)) is { } damage
            ? throw new CheckpointFormatException(path, damage + ".")
            : System.IO.Path.Combine(path, CheckpointStore.ModelFile);
    }

    /// <summary>Reads the weights that <see cref="Locate"/> finds.</summary>
    /// <exception cref="FileNotFoundException">Nothing is there.</exception>
    /// <exception cref="CheckpointFormatException">It is damaged, hostile or of another kind.</exception>
    public static WeightsFile Read(string path)
    {
        string file = Locate(path);
        if (System.IO.Path.GetExtension(file) is ".pt" or ".pth")
        {
            var checkpoint = PyTorchFile.Read(file);
            return new WeightsFile(file, checkpoint.Models, checkpoint) { StoredTypes = checkpoint.StoredTypes, Others = checkpoint.Others };
        }

        var tensors = SafetensorsFile.Read(file);
        return new WeightsFile(file, [tensors.Tensors], tensors)
        {
            StoredTypes = [tensors.Tensors.ToDictionary(entry => entry.Key, entry => entry.Value.dtype)],
            Others = tensors.Metadata,
            Checkpoint = System.IO.Path.GetFileName(file) == CheckpointStore.ModelFile
                ? CheckpointManifest.Read(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!).Manifest
                : null,
        };
    }

    /// <summary>SHA-256 of the file, hex, lower case.</summary>
    public string Digest()
    {
        using var stream = File.OpenRead(Path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    public void Dispose() => owner.Dispose();
}
