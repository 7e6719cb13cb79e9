using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Datasets.Tar;

namespace Ppma.Benchmarks.Streaming;

/// <summary>A data set of very many tiny samples: what opening and continuing cost is the index's doing, not the videos'.</summary>
internal static class ManySamples
{
    public const string Split = "train";

    private const int Classes = 10;

    /// <summary>Writes shards of equal numbers of samples: real tars of a kilobyte a sample, label in the index alone.</summary>
    public static DatasetIndex Write(string folder, int samples, int shards)
    {
        var entries = new ShardEntry[shards];
        Parallel.For(0, shards, shard =>
        {
            int first = (int)((long)samples * shard / shards), end = (int)((long)samples * (shard + 1) / shards);
            entries[shard] = WriteShard(folder, PackedNames.Shard(Split, shard), first, end);
        });
        var index = new DatasetIndex
        {
            Name = "many",
            Humans = HumanPresence.None,
            Licence = "CC0-1.0",
            Classes = [.. Enumerable.Range(0, Classes).Select(i => FormattableString.Invariant($"class-{i:D3}"))],
            Provenance = new JsonObject { ["samples"] = samples },
            Shards = entries,
        };
        File.WriteAllBytes(Path.Combine(folder, DatasetIndex.FileName), IndexJson.Serialize(index));
        return index;
    }

    private static ShardEntry WriteShard(string folder, string name, int first, int end)
    {
        var records = new SampleRecord[end - first];
        using var file = new FileStream(Path.Combine(folder, name), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 20);
        using var tar = new TarWriter(file);
        byte[] video = new byte[100];
        for (int sample = first; sample < end; sample++)
        {
            string key = FormattableString.Invariant($"sample-{sample:D8}");
            Encoding.ASCII.GetBytes(key, video);
            long offset = tar.Add($"{key}.mp4", video);
            records[sample - first] = new SampleRecord(
                key, offset, video.Length, System.IO.Hashing.XxHash3.HashToUInt64(video), sample % Classes, MetadataOffset: 0, MetadataLength: 0);
        }

        tar.Finish();
        byte[] offsets = OffsetTable.Serialize(records);
        string offsetsName = name + OffsetTable.FileExtension;
        File.WriteAllBytes(Path.Combine(folder, offsetsName), offsets);
        return new ShardEntry
        {
            Name = name,
            Split = Split,
            Bytes = tar.Length,
            Samples = records.Length,
            Sha256 = tar.Sha256(),
            Offsets = new OffsetsFile(offsetsName, Convert.ToHexStringLower(SHA256.HashData(offsets))),
        };
    }
}
