using Ppma.Datasets.Indexing;
using Ppma.Datasets.Mds;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Scanning;

/// <summary>Finds the shards below a URI: WebDataset tars, or what MDS indexes name.</summary>
internal static class ShardFinder
{
    private static readonly IReadOnlyDictionary<string, string> NoHashes = new Dictionary<string, string>();

    /// <returns>The shards, and the name under which their index belongs beside them.</returns>
    /// <exception cref="DatasetFormatException">There are none, some are compressed, or their split is not known.</exception>
    public static async Task<(IReadOnlyList<FoundShard> Shards, string IndexName)> FindAsync(
        IBlobStore store, string? split, CancellationToken cancellationToken)
    {
        var files = new SortedDictionary<string, BlobFacts>(StringComparer.Ordinal);
        await foreach (BlobFacts file in store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!file.Name.Split('/').Any(part => part.StartsWith('.')))
            {
                files.Add(file.Name, file);
            }
        }

        List<FoundShard> tars = Tars(store, files, split);
        if (tars.Count == 0)
        {
            return (await MdsShardsAsync(store, files, split, cancellationToken).ConfigureAwait(false), DatasetIndex.FileNameBesideOthers);
        }

        if (files.Keys.FirstOrDefault(MdsShard.IsOne) is { } mds)
        {
            throw new DatasetFormatException(
                DatasetFault.Malformed, store.Uri.AbsoluteUri, $"there are tars ('{tars[0].Facts.Name}') and MDS shards ('{mds}') here", "Give the URI of one kind");
        }

        bool isForeign = files.ContainsKey(DatasetIndex.FileName)
            && DatasetFiles.IsForeign(await DatasetFiles.ReadWholeAsync(store, DatasetIndex.FileName, cancellationToken).ConfigureAwait(false));
        return (tars, isForeign ? DatasetIndex.FileNameBesideOthers : DatasetIndex.FileName);
    }

    private static List<FoundShard> Tars(IBlobStore store, SortedDictionary<string, BlobFacts> files, string? split)
    {
        var tars = new List<FoundShard>();
        foreach (BlobFacts file in files.Values)
        {
            if (file.Name.EndsWith(".tar", StringComparison.OrdinalIgnoreCase))
            {
                tars.Add(new FoundShard(file, split ?? SplitNames.Of(file.Name) ?? throw UnknownSplit(store, file.Name), NoHashes, HasOffsets(files, file.Name)));
            }
            else if (file.Name.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase) || file.Name.Contains(".tar.", StringComparison.OrdinalIgnoreCase))
            {
                RefuseCompressed(store, file.Name);
            }
        }

        return tars;
    }

    private static bool HasOffsets(SortedDictionary<string, BlobFacts> files, string shard) => files.ContainsKey(shard + OffsetTable.FileExtension);

    private static void RefuseCompressed(IBlobStore store, string name)
    {
        if (Path.GetExtension(name).ToUpperInvariant() is ".GZ" or ".TGZ" or ".ZST" or ".BZ2" or ".XZ" or ".LZ4")
        {
            throw new DatasetFormatException(
                DatasetFault.Malformed, store.Locate(name), "a compressed tar has no places that could be read one by one", "Decompress it; videos do not get smaller anyway");
        }
    }

    private static async Task<List<FoundShard>> MdsShardsAsync(
        IBlobStore store, SortedDictionary<string, BlobFacts> files, string? split, CancellationToken cancellationToken)
    {
        var shards = new List<FoundShard>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in files.Keys.Where(name => Path.GetFileName(name) == DatasetIndex.FileName))
        {
            byte[] bytes = await DatasetFiles.ReadWholeAsync(store, name, cancellationToken).ConfigureAwait(false);
            if (!MdsIndex.IsOne(bytes))
            {
                continue;
            }

            string folder = name[..^DatasetIndex.FileName.Length];
            foreach (MdsIndex.Shard shard in MdsIndex.Parse(bytes, store.Locate(name)).Shards)
            {
                string path = folder + shard.Name;
                if (!BlobName.IsSafe(path) || !MdsShard.IsOne(path) || !files.TryGetValue(path, out BlobFacts? facts))
                {
                    throw Missing(store, name, shard, path);
                }

                // A merged index in the root names what those in the folders name too.
                if (seen.Add(path))
                {
                    string shardSplit = split ?? SplitNames.OfFolder(path[..(path.LastIndexOf('/') + 1)]) ?? throw UnknownSplit(store, path);
                    shards.Add(new FoundShard(facts, shardSplit, shard.Hashes, HasOffsets(files, path)));
                }
            }
        }

        return shards.Count > 0
            ? shards
            : throw new DatasetFormatException(
                DatasetFault.Malformed, store.Uri.AbsoluteUri, "there are no .tar shards and no MDS index.json here", "Check the URI, or pack the videos into shards first");
    }

    private static DatasetFormatException Missing(IBlobStore store, string index, MdsIndex.Shard shard, string path) => shard.CompressedName is { } compressed
        ? new DatasetFormatException(
            DatasetFault.Malformed,
            store.Locate(index),
            $"the shard '{compressed}' is compressed ({shard.Compression}), so its samples cannot be read one by one",
            "Write the data set again with MDSWriter(compression=None); videos do not get smaller anyway")
        : new DatasetFormatException(
            DatasetFault.Malformed, store.Locate(index), $"it names the shard '{path}', which is not there", "Copy the data set again from its source");

    private static DatasetFormatException UnknownSplit(IBlobStore store, string name) => new(
        DatasetFault.Malformed, store.Locate(name), "the name does not say which split this is", "Name the split, or use names such as train-000000.tar or folders such as train/");
}
