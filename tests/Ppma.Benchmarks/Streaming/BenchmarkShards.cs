using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;

namespace Ppma.Benchmarks.Streaming;

/// <summary>A data set of bytes that no link or disk can shorten.</summary>
internal static class BenchmarkShards
{
    public const string Split = "train";

    private const int SampleBytes = 1 << 20;
    private const long ShardBytes = 64L << 20;

    /// <summary>Writes about <paramref name="bytes"/> in shards of 64 MiB, samples of 1 MiB.</summary>
    public static DatasetIndex Write(string folder, long bytes)
    {
        var description = new DatasetDescription { Name = "benchmark", Humans = HumanPresence.None, Licence = "CC0-1.0", Classes = [] };
        using DatasetWriter writer = DatasetWriter.Create(folder, description, new PackingOptions { ShardBytes = ShardBytes });
        byte[] video = new byte[SampleBytes];
        for (int sample = 0; sample < bytes / SampleBytes; sample++)
        {
            RandomNumberGenerator.Fill(video);
            writer.Add(Split, $"sample-{sample:d6}", video, label: -1);
        }

        return writer.Complete();
    }

    /// <summary>Copies the folder's files into a container.</summary>
    public static async Task UploadAsync(string folder, BlobContainerClient container)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            await container.GetBlobClient(Path.GetFileName(file)).UploadAsync(file, new BlobUploadOptions());
        }
    }
}
