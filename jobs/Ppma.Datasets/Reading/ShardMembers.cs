using Ppma.Datasets.Indexing;
using Ppma.Datasets.Mds;
using Ppma.Datasets.Stores;
using Ppma.Datasets.Tar;

namespace Ppma.Datasets.Reading;

/// <summary>What a shard's own headers say: where its members (of a tar) or values (of MDS) lie.</summary>
internal static class ShardMembers
{
    /// <exception cref="DatasetFormatException">The headers contradict the offsets.</exception>
    public static async Task CompareAsync(
        IBlobStore store, ShardEntry shard, OffsetTable offsets, CancellationToken cancellationToken)
    {
        var file = new FileWindow(store, new BlobFacts(shard.Name, shard.Bytes, shard.ETag));
        Dictionary<long, long> members = MdsShard.IsOne(shard.Name)
            ? await ReadMdsAsync(file, cancellationToken).ConfigureAwait(false)
            : await ReadTarAsync(file, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < offsets.Count; i++)
        {
            SampleRecord sample = offsets[i];
            if (members.GetValueOrDefault(sample.Offset) != sample.Length
                || (sample.MetadataLength > 0 && members.GetValueOrDefault(sample.MetadataOffset) != sample.MetadataLength))
            {
                throw new DatasetFormatException(
                    DatasetFault.Malformed,
                    store.Locate(shard.Offsets.Name),
                    $"sample {i} ('{sample.Key}') is no member of the shard '{shard.Name}'",
                    "Index or pack the data set again");
            }
        }
    }

    private static async Task<Dictionary<long, long>> ReadTarAsync(FileWindow file, CancellationToken cancellationToken)
    {
        var members = new Dictionary<long, long>();
        await foreach (TarMember member in TarReader.ReadAsync(file, cancellationToken).ConfigureAwait(false))
        {
            members[member.Offset] = member.Length;
        }

        return members;
    }

    private static async Task<Dictionary<long, long>> ReadMdsAsync(FileWindow file, CancellationToken cancellationToken)
    {
        var members = new Dictionary<long, long>();
        MdsShard shard = await MdsShard.OpenAsync(file, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < shard.Count; i++)
        {
            foreach ((long offset, int length) in await shard.LocateAsync(i, cancellationToken).ConfigureAwait(false))
            {
                // An empty value lies where the next one begins.
                members[offset] = length;
            }
        }

        return members;
    }
}
