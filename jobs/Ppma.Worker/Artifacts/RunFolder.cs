using System.Text.Json;
using Ppma.Api.Tasks;
using Ppma.Datasets.Stores;
using Ppma.Learning.Checkpoints;

namespace Ppma.Worker.Artifacts;

/// <summary>
/// The files of one run, and in it the folder of one task. A PretrainRun has a folder a stage; every other
/// resource has one task, whose folder is the run's own.
/// </summary>
/// <remarks>
/// <code>
/// run/mae/        checkpoints/ curve.jsonl reconstructions/ owner.json record.json result.json
/// run/align/      …
/// </code>
/// What another attempt or the operator would trust is written through <see cref="Publish"/>, which refuses once
/// another attempt owns the folder.
/// </remarks>
internal sealed class RunFolder
{
    private readonly IClaim? _claim;
    private readonly ContainerMirror? _mirror;

    /// <param name="root">The run's folder.</param>
    /// <param name="taskFolder">The task's folder: <paramref name="root"/> or one in it.</param>
    /// <param name="claim">This attempt's claim; null where nothing else can own the folder, as in a test of a runner.</param>
    /// <param name="mirror">Brings the files to the container that they belong to; null where this folder is their place.</param>
    public RunFolder(string root, string taskFolder, IClaim? claim = null, ContainerMirror? mirror = null)
    {
        Root = root;
        TaskFolder = taskFolder;
        _claim = claim;
        _mirror = mirror;
    }

    /// <summary>The run's folder; paths in results are relative to it.</summary>
    public string Root { get; }

    public string TaskFolder { get; }

    public string Checkpoints => CheckpointsOf(TaskFolder);

    /// <summary>One JSON line a report: <c>{"step": 1, "loss": 1.0, "rate": 0.001}</c>.</summary>
    public string Curve => Path.Combine(TaskFolder, "curve.jsonl");

    /// <summary>One JSON line a report, of what differs from machine to machine: speed, waiting, validation.</summary>
    public string Metrics => Path.Combine(TaskFolder, "metrics.jsonl");

    /// <summary>TensorBoard event files, one an attempt.</summary>
    public string Events => Path.Combine(TaskFolder, "events");

    /// <summary>One JSON line a measurement on the validation set: <c>{"step":100,"loss":1.0,"top1":0.5,…}</c>.</summary>
    public string Validation => Path.Combine(TaskFolder, "validation.jsonl");

    public string Reconstructions => Path.Combine(TaskFolder, "reconstructions");

    public string ResultFile => Path.Combine(TaskFolder, "result.json");

    public string RecordFile => Path.Combine(TaskFolder, "record.json");

    public string OwnerFile => Path.Combine(TaskFolder, "owner.json");

    /// <summary>Fetches the weights of an earlier stage; null where they are on this machine.</summary>
    public Func<string, string>? FetchStage { get; init; }

    /// <summary>The newest weights of an earlier stage of the same run: the folder of its checkpoints, or the file alone.</summary>
    public string CheckpointsOfStage(string stage) => FetchStage?.Invoke(stage) ?? CheckpointsOf(Path.Combine(Root, stage));

    /// <summary>A path as results name it: relative to <see cref="Root"/>, with forward slashes.</summary>
    public string RelativeToRun(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>Writes a file of the task whole or not at all, and only while this attempt owns the folder.</summary>
    /// <param name="path">Absolute, or relative to <see cref="TaskFolder"/>.</param>
    /// <param name="bytes">The whole file.</param>
    /// <exception cref="TaskFailedException">44 when another attempt took over; 40 when the disk refuses.</exception>
    public void Publish(string path, ReadOnlySpan<byte> bytes)
    {
        string target = Path.Combine(TaskFolder, path);
        string temporary;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            temporary = DurableFile.Stage(target, bytes);
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            throw StorageFailure.ToTaskFailure(e, target);
        }

        try
        {
            WhileOwner(() => DurableFile.Commit(temporary, target));
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>As <see cref="Publish"/>, with the contract's JSON.</summary>
    public void PublishJson<T>(string path, T value) => Publish(path, TaskJson.Serialize(value));

    /// <summary>
    /// Does something that only the owner may do (renames <c>latest.json</c>, removes an old checkpoint) while no
    /// other attempt can take over.
    /// </summary>
    /// <exception cref="TaskFailedException">44 when another attempt took over.</exception>
    public void WhileOwner(Action action)
    {
        if (_claim is null)
        {
            action();
        }
        else
        {
            _claim.WhileOwner(action);
        }
    }

    /// <summary>Brings a checkpoint that was written here, and the other files, to where they outlive this machine.</summary>
    /// <param name="manifest">The checkpoint.</param>
    /// <param name="retention">Which stay.</param>
    /// <param name="best">Step of the best one; null where none is.</param>
    /// <exception cref="TaskFailedException">44 when another attempt took over; 40 when storage refuses.</exception>
    public void PublishCheckpoint(CheckpointManifest manifest, CheckpointRetention retention, long? best) =>
        Mirror(mirror => mirror.PushCheckpoint(manifest, retention, best));

    /// <summary>Writes the result, after everything else.</summary>
    /// <exception cref="TaskFailedException">44 when another attempt took over; 40 when storage refuses.</exception>
    public void PublishResult(TaskResult result)
    {
        PublishJson(ResultFile, result);
        Mirror(mirror => mirror.PushResult());
    }

    /// <summary>The result another attempt of the same task left; null when there is none that can be trusted.</summary>
    public TaskResult? ReadResult(string taskDigest)
    {
        try
        {
            TaskResult result = TaskJson.Deserialize<TaskResult>(File.ReadAllBytes(ResultFile));
            return result.TaskDigest == taskDigest ? result : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    private void Mirror(Action<ContainerMirror> push)
    {
        if (_mirror is { } mirror)
        {
            TaskArtifacts.Explain(() =>
            {
                push(mirror);
                return 0;
            });
        }
    }

    private static string CheckpointsOf(string taskFolder) => Path.Combine(taskFolder, "checkpoints");
}
