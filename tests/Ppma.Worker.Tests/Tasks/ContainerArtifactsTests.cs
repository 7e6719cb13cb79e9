using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Ppma.Api.Tasks;
using Ppma.Worker.Tests.Data;

namespace Ppma.Worker.Tests.Tasks;

/// <summary>Real processes whose artifacts are in an emulator of blob storage, each with a disk of its own.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class ContainerArtifactsTests(TinyData data, BlobData blobs) : IClassFixture<BlobData>, IDisposable
{
    private const int Steps = 60;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Stage_KilledAndStartedOnAnotherMachine_LeavesWhatAFolderHas()
    {
        (string uri, string credentials) = await blobs.CreateArtifactsAsync("killed");
        string task = Write(uri, credentials);
        using (var first = Worker(task, attempt: 1))
        {
            await ExistsAsync("killed", "checkpoints/step-00000009/manifest.json", first);
            await first.SignalAsync("KILL");
        }

        using var second = Worker(task, attempt: 2);
        TrainingOutcome continued = await DoneAsync(second);
        using var straight = new WorkerChild(_folder, SampleTask.Write(_folder, Task(new Uri(_folder.File("straight")).AbsoluteUri)), program: "computer");
        TrainingOutcome uninterrupted = await DoneAsync(straight);

        Assert.Contains("Going on after step", second.Output, StringComparison.Ordinal);
        Assert.Equal(uninterrupted.WeightsDigest, continued.WeightsDigest);
        Assert.Equal(uninterrupted.Checkpoints, continued.Checkpoints);
        Assert.Equal(await File.ReadAllTextAsync(_folder.File("straight/mae/curve.jsonl"), Token), await TextAsync("killed", "curve.jsonl"));
        Assert.Equal(
            uninterrupted.Checkpoints!.Count + 1, (await VersionsAsync("killed")).Keys.Count(name => name.EndsWith("/manifest.json", StringComparison.Ordinal)));
        using var third = Worker(task, attempt: 3);
        Assert.Equal(continued.WeightsDigest, (await DoneAsync(third)).WeightsDigest);
        Assert.Contains("done before", third.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stage_FrozenWhileTheNextAttemptEnds_ChangesNothingAndEnds44()
    {
        (string uri, string credentials) = await blobs.CreateArtifactsAsync("frozen");
        string task = Write(uri, credentials);
        using var frozen = Worker(task, attempt: 1);
        await ExistsAsync("frozen", "checkpoints/step-00000003/manifest.json", frozen);
        await frozen.SignalAsync("STOP");

        using var next = Worker(task, attempt: 2);
        await DoneAsync(next);
        Dictionary<string, string> before = await VersionsAsync("frozen");
        await frozen.SignalAsync("CONT");
        (int exitCode, _) = await frozen.EndAsync();

        Assert.True(exitCode == ExitCodes.Superseded, frozen.Output);
        Assert.Equal(before, (await VersionsAsync("frozen")).Where(blob => before.ContainsKey(blob.Key)).ToDictionary());
    }

    [Fact]
    public async Task Stage_AskedToStop_Ends42AfterItsCheckpointIsThere()
    {
        (string uri, string credentials) = await blobs.CreateArtifactsAsync("stopped");
        using var worker = Worker(Write(uri, credentials), attempt: 1);
        await worker.SteppingAsync(4);
        await worker.SignalAsync("TERM");

        (int exitCode, TerminationMessage message) = await worker.EndAsync();

        Assert.True(exitCode == ExitCodes.Interrupted, worker.Output);
        string step = System.Text.RegularExpressions.Regex.Match(message.Error!.Message, @"step (\d+)").Groups[1].Value;
        Assert.Contains($"\"step\":{step},", await TextAsync("stopped", "checkpoints/latest.json"), StringComparison.Ordinal);
    }

    private TaskSpec Task(string uri, string? credentials = null)
    {
        TaskSpec task = TinyTasks.Mae(_folder.Path, data.Context);
        PretrainStageTask stage = task.PretrainStage!;
        return task with
        {
            ArtifactsUri = uri,
            ArtifactsCredentials = credentials,
            Checkpoint = new CheckpointPolicy { EverySteps = 3, KeepEverySteps = 30 },
            PretrainStage = stage with { Optimization = stage.Optimization with { Steps = Steps } },
        };
    }

    private string Write(string uri, string credentials) => SampleTask.Write(_folder, Task(uri, credentials));

    private WorkerChild Worker(string task, int attempt) => new(_folder, task, attempt, program: "computer", secrets: blobs.Secrets);

    private async Task ExistsAsync(string container, string name, WorkerChild worker)
    {
        await worker.ListeningAsync();
        BlobClient blob = blobs.Container(container).GetBlobClient($"runs/tiny/mae/{name}");
        while (!await blob.ExistsAsync(Token))
        {
            Assert.False(worker.HasEnded, worker.Output);
        }
    }

    private async Task<string> TextAsync(string container, string name) =>
        (await blobs.Container(container).GetBlobClient($"runs/tiny/mae/{name}").DownloadContentAsync(Token)).Value.Content.ToString();

    private async Task<Dictionary<string, string>> VersionsAsync(string container)
    {
        var versions = new Dictionary<string, string>();
        await foreach (BlobItem blob in blobs.Container(container).GetBlobsAsync(cancellationToken: Token))
        {
            versions.Add(blob.Name, blob.Properties.ETag!.Value.ToString());
        }

        return versions;
    }

    private static async Task<TrainingOutcome> DoneAsync(WorkerChild worker)
    {
        (int exitCode, TerminationMessage message) = await worker.EndAsync();
        Assert.True(exitCode == ExitCodes.Done, worker.Output);
        return message.Result!.Training!;
    }
}
