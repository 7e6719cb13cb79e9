using System.Security.Cryptography;
using Azure.Storage.Blobs;

namespace Ppma.EndToEnd.Lab;

/// <summary>The quickstart's data sets: rendered and packed once on this machine, uploaded to the lab's blobs.</summary>
public sealed class Data
{
    /// <summary>The container that all tests read, and none changes.</summary>
    public const string Container = "data";

    private static readonly string[] Sets = ["context", "synthetic", "actions"];

    private readonly BlobStore _blobs;

    private Data(BlobStore blobs) => _blobs = blobs;

    /// <summary>Where they lie on this machine, a folder each.</summary>
    public static string Folder { get; } = Path.Combine(Results.Folder, "data");

    public static async Task<Data> PrepareAsync(BlobStore blobs)
    {
        if (!Sets.All(set => File.Exists(Path.Combine(Folder, set, "index.json"))))
        {
            await Shell.RunAsync(Repository.Ppma, ["dataset", "synth", "--out", Folder]);
        }

        var data = new Data(blobs);
        await blobs.Azurite.CreateContainerAsync(Container);
        foreach (string set in Sets)
        {
            await data.UploadAsync(set, Container);
        }

        return data;
    }

    /// <summary>SHA-256 of a set's index: what its attestation names.</summary>
    public static string DigestOf(string set) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, set, "index.json"))));

    /// <summary>A set's address as a pod has it.</summary>
    public static string UriOf(string set, string container = Container) => $"{BlobStore.InCluster(container)}/{set}";

    /// <summary>Copies a set into a container, which has to be there: a test that breaks data breaks its own.</summary>
    public async Task UploadAsync(string set, string container)
    {
        BlobContainerClient client = _blobs.Azurite.Service.GetBlobContainerClient(container);
        string folder = Path.Combine(Folder, set);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            await client.GetBlobClient($"{set}/{Path.GetRelativePath(folder, file)}").UploadAsync(file, overwrite: true);
        }
    }
}
