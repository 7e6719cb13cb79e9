using static TorchSharp.torch;

namespace Ppma.Learning.Checkpoints;

/// <summary>A checkpoint that was read and found whole.</summary>
public sealed class StoredCheckpoint : IDisposable
{
    private readonly IReadOnlyDictionary<string, SafetensorsFile> files;

    private StoredCheckpoint(string folder, CheckpointManifest manifest, TrainingState state, IReadOnlyDictionary<string, SafetensorsFile> files)
    {
        Folder = folder;
        Manifest = manifest;
        State = state;
        this.files = files;
    }

    public string Folder { get; }

    public CheckpointManifest Manifest { get; }

    public TrainingState State { get; }

    /// <summary>The tensors of each group, on the CPU.</summary>
    public IReadOnlyList<TensorGroup> Groups => [.. files.Select(file => new TensorGroup(file.Key, file.Value.Tensors))];

    /// <summary>Newer checkpoints that were not trusted, each with the reason; worth a warning.</summary>
    public IReadOnlyList<string> Skipped { get; private init; } = [];

    /// <summary>Puts every tensor of <paramref name="groups"/> where it was. Nothing is copied unless everything fits.</summary>
    /// <param name="groups">The same groups that were saved.</param>
    /// <exception cref="WeightsMismatchException">A group or a tensor is missing, unexpected or of another shape; all of them are named.</exception>
    public void Restore(IReadOnlyList<TensorGroup> groups) => NamedTensors.Copy(ByFileAndName(Groups), ByFileAndName(groups));

    public void Dispose()
    {
        foreach (SafetensorsFile file in files.Values)
        {
            file.Dispose();
        }
    }

    /// <summary>Reads the files of a folder that was found whole.</summary>
    internal static StoredCheckpoint Read(string folder, CheckpointManifest manifest, TrainingState state, IReadOnlyList<string> skipped)
    {
        var read = new Dictionary<string, SafetensorsFile>();
        try
        {
            foreach (string group in manifest.Groups)
            {
                read.Add(group, SafetensorsFile.Read(Path.Combine(folder, CheckpointManifest.FileOf(group))));
            }
        }
        catch
        {
            foreach (SafetensorsFile file in read.Values)
            {
                file.Dispose();
            }

            throw;
        }

        return new StoredCheckpoint(folder, manifest, state, read) { Skipped = skipped };
    }

    private static Dictionary<string, Tensor> ByFileAndName(IReadOnlyList<TensorGroup> groups) =>
        groups.SelectMany(group => group.Tensors.Select(tensor => KeyValuePair.Create($"{group.Name}: {tensor.Key}", tensor.Value))).ToDictionary();
}
