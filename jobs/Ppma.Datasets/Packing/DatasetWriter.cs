using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Packing;

/// <summary>
/// Writes a data set to a folder: shards, offsets, and the index last, so that an interrupted write leaves nothing that is
/// taken for a data set. The same samples in the same order give the same bytes, whether or not the writing was interrupted in
/// between (<see cref="PackingOptions.ResumeKey"/>). Not thread-safe.
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
    private readonly Dictionary<string, int> _nextNumber = new(StringComparer.Ordinal);
    private readonly List<ShardEntry> _complete = [];
    private bool _failed;

    private DatasetWriter(string path, DatasetDescription description, PackingOptions options, PackingFolder folder)
    {
        _path = path;
        _description = description;
        _options = options;
        _folder = folder;
        foreach ((ShardEntry shard, IReadOnlyList<string> keys) in folder.Kept)
        {
            _complete.Add(shard);
            _keys.UnionWith(keys);
            _nextNumber[shard.Split] = _nextNumber.GetValueOrDefault(shard.Split) + 1;
        }
    }

    /// <summary>Whether a split may be called so: 1 to 32 lower-case letters, digits and hyphens.</summary>
    public static bool IsSplit(string name) => PackedNames.IsSplit(name);

    /// <summary>What an interrupted write had left.</summary>
    public PackingStart Start => _folder.Start;

    /// <summary>The shards that are complete by now, those of an interrupted write first.</summary>
    public IReadOnlyList<ShardEntry> CompleteShards => _complete;

    /// <summary>
    /// Begins a data set, or goes on with an interrupted one of the same <see cref="PackingOptions.ResumeKey"/>. Whatever else
    /// an interrupted write left in the folder is removed.
    /// </summary>
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

        return Guard(path, () => new DatasetWriter(path, description, options, PackingFolder.Open(path, options, description.Classes.Count)));
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
        return description.Describes(index) ? index : null;
    }

    /// <summary>Whether the data set has this sample already: it was added, or lies in a shard of an interrupted write.</summary>
    public bool Contains(string key) => _keys.Contains(key);

    /// <summary>Where a complete shard's file, its tar or its offsets, lies until the end.</summary>
    public string PathOf(string fileName) => _folder.PartialPath(fileName);

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
        SampleRules.Check(split, key, video.Length, label, _description.Classes.Count, metadata, extension);
        if (Contains(key))
        {
            throw new ArgumentException($"The key '{key}' is in the data set already.", nameof(key));
        }

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
    /// <param name="provenance">More provenance, known only now.</param>
    /// <exception cref="InvalidOperationException">No sample was added.</exception>
    /// <exception cref="DatasetWriteException">The disk is full or fails.</exception>
    public DatasetIndex Complete(JsonObject? provenance = null)
    {
        DatasetIndex index = Seal(provenance);
        Guard(_path, () =>
        {
            _folder.Publish(IndexJson.Serialize(index), index.Shards);
            return index;
        });
        return index;
    }

    /// <summary>Completes the last shards and says what the index is, which is not written: for shards that are kept elsewhere.</summary>
    /// <inheritdoc cref="Complete"/>
    public DatasetIndex Seal(JsonObject? provenance = null)
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

            return new DatasetIndex
            {
                Name = _description.Name,
                Humans = _description.Humans,
                Licence = _description.Licence,
                Classes = _description.Classes,
                Provenance = new JsonObject(_description.Provenance.Concat(provenance ?? []).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))),
                Shards = [.. _complete.OrderBy(shard => shard.Name, StringComparer.Ordinal)],
            };
        });
    }

    /// <summary>Removes what a data set that was not completed has left; with a resume key it stays for the next writer.</summary>
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
        if (_open.TryGetValue(split, out (int Number, ShardWriter Writer) current))
        {
            if (current.Writer.IsEmpty || current.Writer.LengthWith(videoBytes, metadataBytes) <= _options.ShardBytes)
            {
                return current.Writer;
            }

            Close(split);
        }

        int number = _nextNumber.GetValueOrDefault(split);
        var writer = new ShardWriter(_folder.PartialPath(PackedNames.Shard(split, number)));
        _nextNumber[split] = number + 1;
        _open[split] = (number, writer);
        return writer;
    }

    private void Close(string split)
    {
        (int number, ShardWriter writer) = _open[split];
        using (writer)
        {
            ShardEntry shard = writer.Complete(PackedNames.Shard(split, number), split);
            _folder.Keep(shard);
            _complete.Add(shard);
        }

        _open.Remove(split);
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
