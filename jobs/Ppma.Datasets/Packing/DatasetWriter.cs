using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Packing;

/// <summary>
/// Writes a data set to a folder: shards, offsets, and the index last, so that an interrupted write leaves nothing that is
/// taken for a data set. The same samples in the same order give the same bytes. Not thread-safe.
/// </summary>
public sealed class DatasetWriter : IDisposable
{
    private static readonly JsonSerializerOptions MetadataJson = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _path;
    private readonly DatasetDescription _description;
    private readonly PackingOptions _options;
    private readonly PackingFolder _folder;
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Number, ShardWriter Writer)> _open = new(StringComparer.Ordinal);
    private readonly List<ShardEntry> _complete = [];
    private bool _failed;

    private DatasetWriter(string path, DatasetDescription description, PackingOptions options, PackingFolder folder)
    {
        _path = path;
        _description = description;
        _options = options;
        _folder = folder;
    }

    /// <summary>Begins a data set. What an interrupted write left in the folder is removed.</summary>
    /// <exception cref="DatasetWriteException">
    /// The folder holds a data set (and <see cref="PackingOptions.Overwrite"/> is not set) or other files, another process
    /// writes there, or it is not writable.
    /// </exception>
    public static DatasetWriter Create(string folder, DatasetDescription description, PackingOptions? options = null)
    {
        string path = Path.GetFullPath(folder);
        options ??= new PackingOptions();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ShardBytes);
        ArgumentException.ThrowIfNullOrWhiteSpace(description.Name);
        ArgumentException.ThrowIfNullOrWhiteSpace(description.Licence);
        if (description.Classes.Distinct(StringComparer.Ordinal).Count(name => !string.IsNullOrWhiteSpace(name)) != description.Classes.Count)
        {
            throw new ArgumentException("Every class needs a name of its own.", nameof(description));
        }

        return Guard(path, () => new DatasetWriter(path, description, options, PackingFolder.Open(path, options.Overwrite)));
    }

    /// <summary>
    /// The complete data set in the folder, if one of this description is there; null if there is none or one of
    /// another description. Sizes of the shards and hashes of the offsets are checked.
    /// </summary>
    /// <exception cref="DatasetFormatException">There is one, but it is damaged.</exception>
    /// <exception cref="StoreException">There is one, but it cannot be read.</exception>
    public static async Task<DatasetIndex?> FindCompleteAsync(
        string folder, DatasetDescription description, CancellationToken cancellationToken = default)
    {
        if (!File.Exists(Path.Combine(folder, DatasetIndex.FileName)))
        {
            return null;
        }

        (DatasetIndex index, _) = await DatasetVerifier.VerifyAsync(new LocalStore(folder), cancellationToken: cancellationToken).ConfigureAwait(false);
        bool isSame = index.Name == description.Name
            && index.Humans == description.Humans
            && index.Licence == description.Licence
            && index.Classes.SequenceEqual(description.Classes)
            && JsonNode.DeepEquals(index.Provenance, description.Provenance);
        return isSame ? index : null;
    }

    /// <summary>Adds a sample. Order and shards follow the order of the calls.</summary>
    /// <param name="split">Lower-case letters, digits and hyphens, at most 32.</param>
    /// <param name="key">Letters, digits, <c>_</c> and <c>-</c>, at most 80; unique in the data set.</param>
    /// <param name="video">The encoded video.</param>
    /// <param name="label">Position in the classes; −1 where the data set has none.</param>
    /// <param name="metadata">More fields for the sample's JSON, which gets <c>label</c> and <c>class</c> by itself.</param>
    /// <param name="extension">File extension of the video, without the dot.</param>
    /// <exception cref="ArgumentException">An argument breaks these rules.</exception>
    /// <exception cref="DatasetWriteException">The disk is full or fails.</exception>
    public void Add(
        string split, string key, ReadOnlySpan<byte> video, int label, JsonObject? metadata = null, string extension = "mp4")
    {
        Check(split, key, video.Length, label, metadata, extension);
        byte[] json = Metadata(label, metadata);
        try
        {
            ThrowIfFailed();
            ShardWriter shard = ShardFor(split, video.Length, json.Length);
            shard.Add(key, extension, video, label, json);
        }
        catch (Exception problem) when (DatasetWriteException.Explains(problem))
        {
            _failed = true;
            throw DatasetWriteException.From(_path, problem);
        }

        _keys.Add(key);
    }

    /// <summary>Writes the index; from here on the data set exists.</summary>
    /// <exception cref="InvalidOperationException">No sample was added.</exception>
    /// <exception cref="DatasetWriteException">The disk is full or fails.</exception>
    public DatasetIndex Complete()
    {
        ThrowIfFailed();
        if (_keys.Count == 0)
        {
            throw new InvalidOperationException($"The data set '{_description.Name}' has no samples.");
        }

        return Guard(_path, () =>
        {
            foreach (string split in _open.Keys.Order(StringComparer.Ordinal))
            {
                Close(split);
            }

            _open.Clear();
            var index = new DatasetIndex
            {
                Name = _description.Name,
                Humans = _description.Humans,
                Licence = _description.Licence,
                Classes = _description.Classes,
                Provenance = _description.Provenance,
                Shards = [.. _complete.OrderBy(shard => shard.Name, StringComparer.Ordinal)],
            };
            _folder.Publish(IndexJson.Serialize(index), index.Shards);
            return index;
        });
    }

    /// <summary>Removes the unfinished files of a data set that was not completed.</summary>
    public void Dispose()
    {
        foreach ((_, ShardWriter writer) in _open.Values)
        {
            writer.Dispose();
        }

        _open.Clear();
        _folder.Dispose();
    }

    private void ThrowIfFailed()
    {
        if (_failed)
        {
            throw new InvalidOperationException($"Writing '{_description.Name}' failed before; begin again.");
        }
    }

    private void Check(string split, string key, int videoBytes, int label, JsonObject? metadata, string extension)
    {
        if (!PackedNames.IsSplit(split))
        {
            throw new ArgumentException($"The split '{split}' has to be 1 to 32 lower-case letters, digits and hyphens.", nameof(split));
        }

        if (!PackedNames.IsKey(key))
        {
            throw new ArgumentException($"The key '{key}' has to be 1 to 80 letters, digits, '_' and '-'.", nameof(key));
        }

        if (_keys.Contains(key))
        {
            throw new ArgumentException($"The key '{key}' is in the data set already.", nameof(key));
        }

        if (videoBytes == 0)
        {
            throw new ArgumentException($"The video of '{key}' is empty.", nameof(videoBytes));
        }

        int classes = _description.Classes.Count;
        if (classes == 0 ? label != -1 : label < 0 || label >= classes)
        {
            throw new ArgumentException($"The label {label} of '{key}' is none of the {classes} classes.", nameof(label));
        }

        if (metadata is not null && (metadata.ContainsKey("label") || metadata.ContainsKey("class")))
        {
            throw new ArgumentException($"The metadata of '{key}' may not set 'label' or 'class'.", nameof(metadata));
        }

        if (!PackedNames.IsVideoExtension(extension))
        {
            throw new ArgumentException($"The extension '{extension}' has to be 1 to 8 lower-case letters and digits.", nameof(extension));
        }
    }

    private byte[] Metadata(int label, JsonObject? metadata)
    {
        var json = new JsonObject();
        if (label >= 0)
        {
            json["label"] = label;
            json["class"] = _description.Classes[label];
        }

        foreach ((string name, JsonNode? value) in metadata ?? [])
        {
            json[name] = value?.DeepClone();
        }

        return JsonSerializer.SerializeToUtf8Bytes(json, MetadataJson);
    }

    private ShardWriter ShardFor(string split, int videoBytes, int metadataBytes)
    {
        int number = 0;
        if (_open.TryGetValue(split, out (int Number, ShardWriter Writer) current))
        {
            if (current.Writer.IsEmpty || current.Writer.LengthWith(videoBytes, metadataBytes) <= _options.ShardBytes)
            {
                return current.Writer;
            }

            Close(split);
            number = current.Number + 1;
        }

        var writer = new ShardWriter(_folder.PartialPath(PackedNames.Shard(split, number)));
        _open[split] = (number, writer);
        return writer;
    }

    private void Close(string split)
    {
        (int number, ShardWriter writer) = _open[split];
        using (writer)
        {
            _complete.Add(writer.Complete(PackedNames.Shard(split, number), split));
        }
    }

    private static T Guard<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception problem) when (DatasetWriteException.Explains(problem))
        {
            throw DatasetWriteException.From(path, problem);
        }
    }
}
