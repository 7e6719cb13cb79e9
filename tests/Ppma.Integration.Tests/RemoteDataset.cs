using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Testing;

namespace Ppma.Integration.Tests;

/// <summary>A packed data set in a container of the calling test's own: 8 shards of 6 samples, with random bytes for videos.</summary>
internal sealed class RemoteDataset
{
    public const string Split = "train";
    public const int Shards = 8;
    public const int Samples = 48;

    private const int VideoBytes = 200_000;

    private RemoteDataset(BlobContainerClient container, DatasetIndex index, string digest)
    {
        Container = container;
        Index = index;
        Digest = digest;
    }

    public BlobContainerClient Container { get; }

    public DatasetIndex Index { get; }

    public string Digest { get; }

    /// <summary>The bytes of the sample at an ordinal.</summary>
    public static byte[] Video(int ordinal) => RandomBytes.Of(VideoBytes + ordinal, seed: ordinal);

    public static async Task<RemoteDataset> UploadAsync(AzuriteFixture azurite, CancellationToken cancellationToken, [CallerMemberName] string test = "")
    {
        using var folder = new TempFolder("dataset");
        string path = Path.Combine(folder.Path, "set");
        DatasetIndex index = Pack(path);
        BlobContainerClient container = await azurite.CreateContainerAsync(test);
        foreach (string file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
        {
            await container.GetBlobClient(Path.GetRelativePath(path, file)).UploadAsync(file, cancellationToken);
        }

        byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(path, DatasetIndex.FileName), cancellationToken);
        return new RemoteDataset(container, index, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private static DatasetIndex Pack(string path)
    {
        var description = new DatasetDescription { Name = "noise", Humans = HumanPresence.None, Licence = "CC0-1.0", Classes = ["noise"] };
        using var writer = DatasetWriter.Create(path, description, new PackingOptions { ShardBytes = (Samples / Shards * (VideoBytes + 2048)) + 4096 });
        for (int i = 0; i < Samples; i++)
        {
            writer.Add(Split, $"{i:d6}", Video(i), label: 0);
        }

        DatasetIndex index = writer.Complete();
        Assert.Equal(Shards, index.Shards.Count);
        return index;
    }
}
