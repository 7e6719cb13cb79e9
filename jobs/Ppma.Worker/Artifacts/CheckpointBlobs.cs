using System.Globalization;
using System.Text.Json;
using Ppma.Datasets.Stores;
using Ppma.Learning.Checkpoints;

namespace Ppma.Worker.Artifacts;

/// <summary>Checkpoints in a folder of a container.</summary>
/// <param name="store">Opens the folder above.</param>
/// <param name="name">The folder's name in it.</param>
internal sealed class CheckpointBlobs(IVersionedStore store, string name)
{
    /// <summary>The blobs of each checkpoint, by step.</summary>
    public IReadOnlyDictionary<long, BlobFacts[]> Of(IEnumerable<BlobFacts> blobs) => blobs
        .Where(Holds)
        .GroupBy(blob => long.Parse(FolderOf(blob)!.AsSpan("step-".Length), NumberStyles.None, CultureInfo.InvariantCulture))
        .ToDictionary(found => found.Key, found => found.ToArray());

    /// <summary>Whether a blob is a file of a checkpoint.</summary>
    public bool Holds(BlobFacts blob) => FolderOf(blob) is not null;

    public static bool IsManifest(BlobFacts blob) => blob.Name.EndsWith("/" + CheckpointManifest.FileName, StringComparison.Ordinal);

    /// <summary>
    /// Fetches the newest checkpoint that <c>latest.json</c> vouches for and that is whole. Newer ones that are not stay beside it, for
    /// whoever loads to name; of older ones the manifest alone comes, to be listed.
    /// </summary>
    /// <param name="blobs">What the store lists.</param>
    /// <param name="folder">Where the files go on this machine.</param>
    /// <param name="findProblem">Why the fetched checkpoint of this folder name cannot be used; null when it can.</param>
    public void FetchNewest(IReadOnlyList<BlobFacts> blobs, string folder, Func<string, string?> findProblem)
    {
        long latest = Latest(store.ReadAsync($"{name}/{CheckpointStore.LatestFile}").GetAwaiter().GetResult()?.Bytes).Step;
        bool found = false;
        foreach (var (_, files) in Of(blobs).Where(step => step.Key <= latest && step.Value.Any(IsManifest)).OrderByDescending(step => step.Key))
        {
            foreach (BlobFacts blob in files.Where(blob => !found || IsManifest(blob)))
            {
                Fetch(store, blob, folder);
            }

            found = found || findProblem(FolderOf(files[0])!) is null;
        }
    }

    public static void Fetch(IVersionedStore store, BlobFacts blob, string folder)
    {
        string path = Path.Combine(folder, blob.Name.Replace('/', Path.DirectorySeparatorChar));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        store.DownloadAsync(blob, path).GetAwaiter().GetResult();
    }

    /// <summary>What <c>latest.json</c> names; step -1 and no folder where it names nothing.</summary>
    public static (long Step, string? Folder) Latest(byte[]? json)
    {
        try
        {
            JsonElement latest = JsonSerializer.Deserialize<JsonElement>(json ?? "{}"u8.ToArray());
            return (latest.GetProperty("step").GetInt64(), latest.GetProperty("folder").GetString());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return (-1, null);
        }
    }

    private string? FolderOf(BlobFacts blob) =>
        blob.Name.Split('/') is [var top, var step, var file] && top == name && CheckpointStore.IsFolderName(step) && CheckpointManifest.MayHold(file)
            ? step
            : null;
}
