using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ppma.Datasets.Stores;

namespace Ppma.Learning.Checkpoints;

/// <summary>
/// The checkpoints of one run in a local folder, <c>step-00001234/</c> each. A checkpoint appears under its name only when every byte
/// of it is on disk, its manifest written last; what cannot be verified is never trusted.
/// </summary>
public sealed partial class CheckpointStore
{
    public const string LatestFile = "latest.json";
    public const string BestFile = "best.json";

    internal const string ModelFile = "model.safetensors";
    internal const string OptimizerFile = "optimizer.safetensors";
    internal const string StateFile = "state.json";

    private readonly string root;
    private readonly CheckpointRetention retention;

    /// <param name="root">The run's own folder; made when missing.</param>
    /// <param name="retention">Which checkpoints stay.</param>
    public CheckpointStore(string root, CheckpointRetention retention)
    {
        this.root = Path.GetFullPath(root);
        this.retention = retention;
    }

    /// <inheritdoc cref="CheckpointStore(string, CheckpointRetention)"/>
    /// <param name="root">The run's own folder; made when missing.</param>
    /// <param name="keepLast">Newest checkpoints to keep, at least 2: the newest may be damaged.</param>
    public CheckpointStore(string root, int keepLast)
        : this(root, new CheckpointRetention(keepLast))
    {
    }

    /// <summary>Written into each checkpoint, and demanded of those that are loaded; null demands nothing.</summary>
    public string? InputDigest { get; init; }

    /// <summary>The best checkpoint so far; null where none is.</summary>
    public BestCheckpoint? Best
    {
        get
        {
            try
            {
                return JsonSerializer.Deserialize<BestCheckpoint>(File.ReadAllBytes(Path.Combine(root, BestFile)), JsonSerializerOptions.Web)
                    is { Folder: not null } best ? best : null;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>All that have a manifest, newest first. Their files are not read.</summary>
    public IReadOnlyList<CheckpointManifest> Manifests =>
    [
        .. Folders().Select(folder => (Name: Path.GetFileName(folder), CheckpointManifest.Read(folder).Manifest))
            .Where(found => found.Manifest?.FolderName == found.Name)
            .Select(found => found.Manifest!),
    ];

    /// <summary>Writes a checkpoint durably, points <c>latest.json</c> at it, and removes those that retention no longer keeps.</summary>
    /// <param name="snapshot">What to write.</param>
    /// <param name="publish">
    /// Runs the last part, which gives the checkpoint its name: where others may write in the folder too, it takes the lock, or throws and
    /// nothing has changed. Null runs it as it is.
    /// </param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; earlier checkpoints are untouched.</exception>
    public CheckpointManifest Save(CheckpointSnapshot snapshot, Action<Action>? publish = null)
    {
        Directory.CreateDirectory(root);
        string name = NameOf(snapshot.State.Step);

        // A name that no other writer uses: one that was frozen may wake and go on.
        string temporary = Path.Combine(root, $"{name}.{Guid.NewGuid():n}{DurableFile.TemporarySuffix}");
        Directory.CreateDirectory(temporary);
        try
        {
            CheckpointManifest manifest = Write(temporary, snapshot);
            (publish ?? (action => action()))(() => Publish(temporary, name, manifest, snapshot.State.Metrics));
            return manifest;
        }
        finally
        {
            DeleteFolder(temporary);
        }
    }

    /// <summary>The newest checkpoint that is whole and of this run's inputs, or null when there is none at all.</summary>
    /// <exception cref="NoUsableCheckpointException">There are checkpoints but none can be used; each is named with what is wrong.</exception>
    public StoredCheckpoint? Load()
    {
        var skipped = new List<string>();
        foreach (string folder in Folders())
        {
            if (FindProblem(folder, out CheckpointManifest? manifest) is not { } problem)
            {
                return Read(folder, manifest!, skipped);
            }

            skipped.Add($"{Path.GetFileName(folder)}: {problem}");
        }

        return skipped.Count == 0 ? null : throw new NoUsableCheckpointException(root, skipped);
    }

    /// <summary>Whether a folder of this name is a checkpoint's.</summary>
    public static bool IsFolderName(string name) => FinalName().IsMatch(name);

    /// <summary>Why the checkpoint in a folder of this name cannot be used; null when it can.</summary>
    public string? FindProblem(string folderName) => FindProblem(Path.Combine(root, folderName), out _);

    private string? FindProblem(string folder, out CheckpointManifest? manifest)
    {
        (manifest, string problem) = CheckpointManifest.Read(folder);
        if (manifest is null)
        {
            return problem;
        }

        if (manifest.FolderName != Path.GetFileName(folder))
        {
            return $"{CheckpointManifest.FileName} is of step {manifest.Step}";
        }

        return InputDigest is not null && manifest.InputDigest is not null && manifest.InputDigest != InputDigest
            ? $"it was written with other inputs (inputDigest {manifest.InputDigest}; this task has {InputDigest})"
            : manifest.FindDamage(folder);
    }

    private static StoredCheckpoint Read(string folder, CheckpointManifest manifest, List<string> skipped)
    {
        var state = JsonSerializer.Deserialize<TrainingState>(File.ReadAllBytes(Path.Combine(folder, StateFile)), JsonSerializerOptions.Web)!;
        return StoredCheckpoint.Read(folder, manifest, state, skipped);
    }

    private CheckpointManifest Write(string folder, CheckpointSnapshot snapshot)
    {
        CheckpointFile[] files =
        [
            .. snapshot.Groups.Select(group =>
                WriteFile(folder, CheckpointManifest.FileOf(group.Name), stream => SafetensorsFile.Write(stream, group.Tensors))),
            WriteFile(folder, StateFile, stream => JsonSerializer.Serialize(stream, snapshot.State, JsonSerializerOptions.Web)),
        ];
        var manifest = new CheckpointManifest(CheckpointManifest.CurrentFormat, snapshot.State.Step, files) { InputDigest = InputDigest };
        DurableFile.Write(
            Path.Combine(folder, CheckpointManifest.FileName), stream => JsonSerializer.Serialize(stream, manifest, JsonSerializerOptions.Web));
        return manifest;
    }

    private void Publish(string temporary, string name, CheckpointManifest manifest, IReadOnlyDictionary<string, double>? metrics)
    {
        Replace(temporary, Path.Combine(root, name));
        WriteJson(LatestFile, new Latest(name, manifest.Step, manifest.ModelDigest));
        if (retention.BestMetric is { } metric && metrics?.TryGetValue(metric, out double value) is true && retention.IsBetter(value, Best?.Value))
        {
            WriteJson(BestFile, new BestCheckpoint(name, manifest.Step, manifest.ModelDigest, metric, value));
        }

        Prune(Best?.Step);
    }

    private void WriteJson<T>(string name, T value) =>
        DurableFile.Write(Path.Combine(root, name), stream => JsonSerializer.Serialize(stream, value, JsonSerializerOptions.Web));

    private static CheckpointFile WriteFile(string folder, string name, Action<Stream> write)
    {
        string path = Path.Combine(folder, name);
        DurableFile.Write(path, write);
        using var stream = File.OpenRead(path);
        return new CheckpointFile(name, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    // A folder of that name is a checkpoint of the same step that was not trusted, or was repeated.
    private void Replace(string temporary, string final)
    {
        string old = final + ".old" + DurableFile.TemporarySuffix;
        DeleteFolder(old);
        if (Directory.Exists(final))
        {
            Directory.Move(final, old);
        }

        Directory.Move(temporary, final);
        DurableFile.FlushFolder(root);
        DeleteFolder(old);
    }

    /// <summary>Removes what this store wrote and no longer keeps: old checkpoints, and leftovers of a writer that was killed.</summary>
    private void Prune(long? best)
    {
        foreach (long step in retention.Outdated(Manifests.Select(manifest => manifest.Step), best))
        {
            DeleteFolder(Path.Combine(root, NameOf(step)));
        }

        foreach (string leftover in Directory.EnumerateDirectories(root).Where(folder => TemporaryName().IsMatch(Path.GetFileName(folder))))
        {
            DeleteFolder(leftover);
        }

        foreach (string leftover in ((string[])[LatestFile, BestFile]).SelectMany(
            name => Directory.EnumerateFiles(root, $"{name}.*{DurableFile.TemporarySuffix}")))
        {
            File.Delete(leftover);
        }
    }

    /// <summary>Deletes the files a checkpoint is made of, and the folder if nothing else is in it.</summary>
    private static void DeleteFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        // The manifest goes first: a deletion that is cut short leaves nothing that looks whole.
        File.Delete(Path.Combine(folder, CheckpointManifest.FileName));
        foreach (string path in Directory.EnumerateFiles(folder).Where(path => IsOurs(Path.GetFileName(path))))
        {
            File.Delete(path);
        }

        if (!Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    /// <summary>Whether a checkpoint's folder may hold such a file, complete or not.</summary>
    private static bool IsOurs(string name) => CheckpointManifest.MayHold(Unfinished().Replace(name, ""));

    /// <summary>Checkpoint folders, newest first.</summary>
    private IEnumerable<string> Folders() => !Directory.Exists(root)
        ? []
        : Directory.EnumerateDirectories(root)
            .Where(folder => IsFolderName(Path.GetFileName(folder)))
            .OrderByDescending(folder => long.Parse(Path.GetFileName(folder)["step-".Length..], CultureInfo.InvariantCulture));

    internal static string NameOf(long step) => string.Create(CultureInfo.InvariantCulture, $"step-{step:d8}");

    [GeneratedRegex(@"^step-\d{8,18}$")]
    private static partial Regex FinalName();

    [GeneratedRegex(@"^step-\d{8,18}\.(old|[0-9a-f]{32})\.tmp$")]
    private static partial Regex TemporaryName();

    [GeneratedRegex(@"\.[0-9a-f]{32}\.tmp$")]
    private static partial Regex Unfinished();

    /// <summary>Content of <c>latest.json</c>, for readers outside the run.</summary>
    private sealed record Latest(string Folder, long Step, string ModelSha256);
}
