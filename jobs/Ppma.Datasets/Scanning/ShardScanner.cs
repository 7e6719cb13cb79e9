using Ppma.Datasets.Indexing;
using Ppma.Datasets.Mds;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Scanning;

/// <summary>Reads one shard: where its samples lie, and on request every byte's hash.</summary>
internal static class ShardScanner
{
    public static async Task<ScannedShard> ScanAsync(
        IBlobStore store, FoundShard found, string? videoColumn, bool isHashed, CancellationToken cancellationToken)
    {
        (string name, long length, string? eTag) = found.Facts;
        if (eTag is not null)
        {
            store.Pin(name, eTag);
        }

        var file = new FileWindow(store, found.Facts);
        List<ScannedSample> samples = MdsShard.IsOne(name)
            ? await MdsScanner.ScanAsync(file, videoColumn, cancellationToken).ConfigureAwait(false)
            : await TarScanner.ScanAsync(file, videoColumn, cancellationToken).ConfigureAwait(false);
        if (samples.Count == 0)
        {
            throw new DatasetFormatException(DatasetFault.Malformed, file.Location, "there are no samples in this shard", "Remove it, or pack it again");
        }

        string offsetsName = await OffsetsNameAsync(store, found, cancellationToken).ConfigureAwait(false);
        if (!isHashed)
        {
            return new ScannedShard(found, samples, Hashes: null, offsetsName, file.BytesRead);
        }

        ShardHashes hashes = await ShardHasher
            .HashAsync(store, name, length, [.. samples.Select(sample => (sample.Offset, sample.Length))], found.RecordedHashes.Keys, cancellationToken)
            .ConfigureAwait(false);
        foreach ((string algorithm, string value) in hashes.Others)
        {
            if (!string.Equals(found.RecordedHashes[algorithm], value, StringComparison.OrdinalIgnoreCase))
            {
                throw new DatasetFormatException(
                    DatasetFault.HashMismatch,
                    file.Location,
                    $"the file's {algorithm} is {value}, but its MDS index says {found.RecordedHashes[algorithm]}",
                    "The file was changed or damaged: copy it again from its source");
            }
        }

        return new ScannedShard(found, samples, hashes, offsetsName, file.BytesRead + length);
    }

    /// <summary>Other tools too call their offsets <c>shard.tar.idx</c> (Energon); theirs stay.</summary>
    private static async Task<string> OffsetsNameAsync(IBlobStore store, FoundShard found, CancellationToken cancellationToken)
    {
        string name = found.Facts.Name + OffsetTable.FileExtension;
        if (!found.HasOffsets)
        {
            return name;
        }

        long length = (await store.GetFactsAsync(name, cancellationToken).ConfigureAwait(false)).Length;
        byte[] begin = new byte[Math.Min(length, OffsetTable.HeaderBytes)];
        await store.ReadAsync(name, 0, begin, cancellationToken).ConfigureAwait(false);
        return OffsetTable.IsOne(begin) ? name : $"{found.Facts.Name}.ppma{OffsetTable.FileExtension}";
    }
}
