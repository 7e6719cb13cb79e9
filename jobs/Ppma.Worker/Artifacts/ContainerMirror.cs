using Ppma.Datasets.Stores;
using Ppma.Learning.Checkpoints;

namespace Ppma.Worker.Artifacts;

/// <summary>
/// Brings a task's files from a container to this machine, and back. The task works in a folder of this machine; the container has what
/// outlives it.
/// </summary>
/// <param name="store">The task's folder in the container.</param>
/// <param name="claim">This process's claim on it.</param>
/// <param name="folder">The same folder on this machine.</param>
internal sealed class ContainerMirror(IVersionedStore store, ContainerClaim claim, string folder)
{
    public const string ResultFile = "result.json";

    /// <summary>What a claim makes where it is missing: the blobs that readers trust.</summary>
    public static readonly IReadOnlyList<string> Fences = [ResultFile, LatestName, BestName];

    private const string CheckpointsName = "checkpoints";
    private const string LatestName = CheckpointsName + "/" + CheckpointStore.LatestFile;
    private const string BestName = CheckpointsName + "/" + CheckpointStore.BestFile;

    private readonly CheckpointBlobs _checkpoints = new(store, CheckpointsName);
    private readonly Dictionary<string, (long Length, DateTime Written)> _pushed = new(StringComparer.Ordinal);

    /// <summary>
    /// Fetches everything but checkpoints, and of these the newest that <c>latest.json</c> vouches for and that is whole. Those that are not
    /// stay beside it, for whoever loads to name.
    /// </summary>
    /// <param name="findProblem">Why the fetched checkpoint of this folder name cannot be used; null when it can.</param>
    public void Pull(Func<string, string?> findProblem)
    {
        IReadOnlyList<BlobFacts> blobs = store.ListAsync().GetAwaiter().GetResult();
        foreach (BlobFacts blob in blobs.Where(blob => !_checkpoints.Holds(blob) && blob.Name is not (ContainerClaim.OwnerFile or ResultFile)))
        {
            CheckpointBlobs.Fetch(store, blob, folder);
        }

        _checkpoints.FetchNewest(blobs, folder, findProblem);
    }

    /// <summary>Uploads a checkpoint and what belongs to it, points <c>latest.json</c> at it, and removes those that are no longer kept.</summary>
    /// <param name="manifest">It lies on this machine.</param>
    /// <param name="retention">Which stay.</param>
    /// <param name="best">Step of the best one; null where none is.</param>
    public void PushCheckpoint(CheckpointManifest manifest, CheckpointRetention retention, long? best)
    {
        claim.RequireOwner();

        // Losses before the checkpoint that follows them.
        PushFiles();
        string name = $"{CheckpointsName}/{manifest.FolderName}";
        claim.Delete($"{name}/{CheckpointManifest.FileName}");
        foreach (CheckpointFile file in manifest.Files)
        {
            Push($"{name}/{file.Name}");
        }

        Push($"{name}/{CheckpointManifest.FileName}");
        if (File.Exists(PathOf(BestName)))
        {
            Push(BestName);
        }

        Push(LatestName);
        Prune(retention, best, manifest.Step);
    }

    /// <summary>Uploads every file that changed since it was last, but checkpoints and the result.</summary>
    public void PushFiles()
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            // Not even looked at is what may be renamed meanwhile: the training goes on beside this.
            if (name.StartsWith(CheckpointsName + "/", StringComparison.Ordinal) || name == ResultFile
                || name.EndsWith(DurableFile.TemporarySuffix, StringComparison.Ordinal))
            {
                continue;
            }

            var now = (file.Length, file.LastWriteTimeUtc);
            if (_pushed.TryGetValue(name, out var then) && then == now)
            {
                continue;
            }

            Push(name);
            _pushed[name] = now;
        }
    }

    /// <summary>Uploads everything that is left, and the result last.</summary>
    public void PushResult()
    {
        PushFiles();
        Push(ResultFile);
    }

    private void Prune(CheckpointRetention retention, long? best, long latest)
    {
        IReadOnlyDictionary<long, BlobFacts[]> checkpoints = _checkpoints.Of(store.ListAsync().GetAwaiter().GetResult());
        IEnumerable<long> whole = checkpoints.Where(found => found.Key <= latest && found.Value.Any(CheckpointBlobs.IsManifest)).Select(found => found.Key);
        foreach (long step in retention.Outdated(whole, best))
        {
            // The manifest goes first: a deletion that is cut short leaves nothing that looks whole.
            foreach (BlobFacts blob in checkpoints[step].OrderByDescending(CheckpointBlobs.IsManifest))
            {
                claim.Delete(blob.Name);
            }
        }
    }

    private void Push(string name)
    {
        // A file that grows meanwhile is taken as far as it goes now.
        using var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        claim.Write(name, file);
    }

    private string PathOf(string name) => Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));
}
