using System.Text.Json;
using Ppma.Api.Tasks;
using Ppma.Datasets.Stores;
using Ppma.Learning.Checkpoints;
using Ppma.Worker.Data;

namespace Ppma.Worker.Artifacts;

/// <summary>Where one task's files are: in a folder, or in a container with a folder of this machine before it.</summary>
internal sealed class TaskArtifacts : IDisposable
{
    private readonly TaskSpec _task;
    private readonly DataPlane _data;
    private readonly TimeProvider _time;
    private readonly IVersionedStore? _container;
    private readonly RunFolder _unclaimed;
    private IClaim? _claim;

    /// <exception cref="TaskFailedException">64 when there can be no artifacts at the task's URI.</exception>
    public TaskArtifacts(TaskSpec task, DataPlane data, TimeProvider time)
    {
        _task = task;
        _data = data;
        _time = time;
        if (RemoteFiles.IsRemote(task.ArtifactsUri))
        {
            string stage = ArtifactsLayout.StageFolder(task);
            string uri = task.ArtifactsUri.TrimEnd('/') + (stage.Length == 0 ? "" : "/" + Uri.EscapeDataString(stage));
            _container = Explain(() => data.OpenVersioned("The artifacts", uri, task.ArtifactsCredentials));
            _unclaimed = new RunFolder(data.Scratch, Path.Combine(data.Scratch, stage));
            Place = _container.Uri.AbsoluteUri;
        }
        else
        {
            (string root, string folder) = ArtifactsLayout.Locate(task);
            _unclaimed = new RunFolder(root, folder);
            Place = folder;
        }
    }

    /// <summary>The task's folder, for messages.</summary>
    public string Place { get; }

    /// <summary>The result another attempt of the same task left; null when there is none that can be trusted.</summary>
    public TaskResult? ReadResult(string taskDigest)
    {
        if (_container is null)
        {
            return _unclaimed.ReadResult(taskDigest);
        }

        try
        {
            return Explain(() => _container.ReadAsync(ContainerMirror.ResultFile).GetAwaiter().GetResult()) is { } found
                && TaskJson.Deserialize<TaskResult>(found.Bytes) is { } result && result.TaskDigest == taskDigest ? result : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Claims the files for this process until this object is disposed.</summary>
    /// <exception cref="TaskFailedException">44 when another owner wins; 40 when storage refuses.</exception>
    public RunFolder Claim(int attempt)
    {
        if (_container is null)
        {
            _claim = OwnerClaim.Take(_unclaimed.TaskFolder, _task.Run.Uid, attempt);
            return new RunFolder(_unclaimed.Root, _unclaimed.TaskFolder, _claim);
        }

        return Explain(() =>
        {
            var claim = ContainerClaim.Take(_container, _task.Run.Uid, attempt, ContainerMirror.Fences, _time);
            _claim = claim;
            Directory.CreateDirectory(_unclaimed.TaskFolder);
            var mirror = new ContainerMirror(_container, claim, _unclaimed.TaskFolder);
            var checkpoints = new CheckpointStore(_unclaimed.Checkpoints, _task.Checkpoint.KeepLast) { InputDigest = _task.InputDigest };
            mirror.Pull(checkpoints.FindProblem);
            return new RunFolder(_unclaimed.Root, _unclaimed.TaskFolder, claim, mirror)
            {
                FetchStage = stage => RemoteFiles.Materialize(
                    _data, $"{_task.ArtifactsUri.TrimEnd('/')}/{Uri.EscapeDataString(stage)}/checkpoints", _task.ArtifactsCredentials),
            };
        });
    }

    public void Dispose() => _claim?.Dispose();

    /// <summary>Runs what speaks to the container; what it refuses becomes an exit code.</summary>
    internal static T Explain<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (StoreException e)
        {
            throw new TaskFailedException(
                e.Failure is StoreFailure.NotFound or StoreFailure.UnsupportedUri ? ExitCodes.BadSpec : ExitCodes.StorageOrNetwork, e.Message, e);
        }
    }
}
