using Ppma.Api.Tasks;
using Ppma.Datasets.Stores;
using Ppma.Learning.Checkpoints;
using Ppma.Worker.Data;

namespace Ppma.Worker.Artifacts;

/// <summary>Files of a URI as files of this machine.</summary>
internal static class RemoteFiles
{
    private const string ModelName = "model.safetensors";

    public static bool IsRemote(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) && (parsed.Scheme == Uri.UriSchemeHttps || parsed.Scheme == Uri.UriSchemeHttp);

    /// <summary>
    /// The weights at a URI: a weights file, the folder of one checkpoint, or the folder of a run's checkpoints. A <c>file:</c> URI is its own
    /// path; from a container the weights file alone is fetched. The bytes are not checked: the caller knows their digest.
    /// </summary>
    /// <param name="data">Opens the container.</param>
    /// <param name="uri">Where they are.</param>
    /// <param name="credentials">What opens the container.</param>
    /// <param name="field">The task's field with the URI, for messages.</param>
    /// <exception cref="TaskFailedException">64 when nothing is there, 40 when storage does not answer.</exception>
    public static string Materialize(DataPlane data, string uri, string? credentials, string field = "weights.uri")
    {
        if (!IsRemote(uri))
        {
            return Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) && parsed.IsFile
                ? parsed.LocalPath
                : throw new TaskFailedException(
                    ExitCodes.BadSpec, $"{field} '{uri}' cannot be read: write a 'file:///…' URI, or 'https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER'.");
        }

        string whole = uri.TrimEnd('/');
        bool isFile = Path.GetExtension(whole) is ".safetensors" or ".pt" or ".pth";
        int end = whole.LastIndexOf('/');
        return TaskArtifacts.Explain(() =>
        {
            IVersionedStore store = data.OpenVersioned("The weights", isFile ? whole[..end] : whole, credentials);
            return Fetch(store, isFile ? Uri.UnescapeDataString(whole[(end + 1)..]) : ModelOf(store), data.Scratch);
        });
    }

    private static string ModelOf(IVersionedStore store) =>
        CheckpointBlobs.Latest(store.ReadAsync(CheckpointStore.LatestFile).GetAwaiter().GetResult()?.Bytes).Folder is { } newest
            ? $"{newest}/{ModelName}"
            : ModelName;

    /// <summary>The checkpoints of another run, and its curve beside them, as a folder of this machine.</summary>
    /// <param name="data">Opens the container.</param>
    /// <param name="resume">Where the checkpoints are.</param>
    /// <param name="open">Opens a folder of checkpoints.</param>
    /// <returns>The folder of the checkpoints.</returns>
    /// <exception cref="TaskFailedException">64 when nothing is there, 40 when storage does not answer.</exception>
    public static string MaterializeCheckpoints(DataPlane data, ResumeInput resume, Func<string, CheckpointStore> open)
    {
        if (!IsRemote(resume.Uri))
        {
            return Materialize(data, resume.Uri, resume.Credentials, "pretrainStage.resume.uri");
        }

        string whole = resume.Uri.TrimEnd('/');
        int end = whole.LastIndexOf('/');
        string name = Uri.UnescapeDataString(whole[(end + 1)..]);
        return TaskArtifacts.Explain(() =>
        {
            IVersionedStore store = data.OpenVersioned("The checkpoints to go on from", whole[..end], resume.Credentials);
            string folder = Path.Combine(data.Scratch, "resume");
            Directory.CreateDirectory(Path.Combine(folder, name));
            IReadOnlyList<BlobFacts> blobs = store.ListAsync().GetAwaiter().GetResult();
            foreach (BlobFacts curve in blobs.Where(blob => blob.Name == "curve.jsonl"))
            {
                CheckpointBlobs.Fetch(store, curve, folder);
            }

            new CheckpointBlobs(store, name).FetchNewest(blobs, folder, open(Path.Combine(folder, name)).FindProblem);
            return Path.Combine(folder, name);
        });
    }

    private static string Fetch(IVersionedStore store, string name, string scratch)
    {
        BlobFacts facts = store.ListAsync().GetAwaiter().GetResult().FirstOrDefault(blob => blob.Name == name)
            ?? throw new TaskFailedException(ExitCodes.BadSpec, $"There is no '{name}' in {store.Uri}. Name a weights file, a checkpoint or the folder of a run's checkpoints.");
        string folder = Path.Combine(scratch, "weights", Guid.NewGuid().ToString("n"));
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, Path.GetFileName(name));
        store.DownloadAsync(facts, path).GetAwaiter().GetResult();
        return path;
    }
}
