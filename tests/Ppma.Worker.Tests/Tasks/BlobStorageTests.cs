using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Datasets.Indexing;
using Ppma.Worker.Data;
using Ppma.Worker.Execution;
using Ppma.Worker.Tests.Data;

namespace Ppma.Worker.Tests.Tasks;

/// <summary>Whole tasks whose data lies in an emulator of blob storage.</summary>
[Collection(nameof(GlobalGenerator))]
public sealed class BlobStorageTests(TinyData data, BlobData blobs) : IClassFixture<BlobData>, IDisposable
{
    /// <summary>More clips, each in a shard of its own, than loading is ahead of the third step.</summary>
    private const int Clips = 72;

    private const int Steps = 20;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Stage_FromBlobStorage_LeavesTheCurveAndWeightsOfFiles()
    {
        DatasetInput context = await blobs.UploadAsync(data.Context, "stage-context");
        DatasetInput actions = await blobs.UploadAsync(data.Actions, "stage-actions");

        TaskResult files = TinyTasks.Run(TinyTasks.Mae(_folder.File("files"), data.Context, data.Actions), Token);
        TaskResult cold = await RunAsync(TinyTasks.Mae(_folder.File("cold"), context, actions));
        TaskResult warm = await RunAsync(TinyTasks.Mae(_folder.File("warm"), context, actions) with { Threads = 2 });

        Assert.Equal(files.Training!.WeightsDigest, cold.Training!.WeightsDigest);
        Assert.Equal(files.Training.WeightsDigest, warm.Training!.WeightsDigest);
        Assert.Equal(Curve("files"), Curve("cold"));
        Assert.Equal(Curve("files"), Curve("warm"));
    }

    [Fact]
    public async Task Evaluations_FromBlobStorage_GiveTheScoresOfFiles()
    {
        DatasetInput actions = await blobs.UploadAsync(data.Actions, "evaluations");

        EvaluationOutcome probe = (await RunAsync(TinyTasks.Probe(_folder.File("probe"), actions))).Evaluation!;
        EvaluationOutcome tuned = (await RunAsync(TinyTasks.FineTune(_folder.File("tuned"), actions))).Evaluation!;

        EvaluationOutcome probeOfFiles = TinyTasks.Run(TinyTasks.Probe(_folder.File("probe-files"), data.Actions), Token).Evaluation!;
        Assert.Equal(probeOfFiles.RateTrials, probe.RateTrials);
        Assert.Equal(probeOfFiles with { RateTrials = [] }, probe with { RateTrials = [] });
        EvaluationOutcome tunedOfFiles = TinyTasks.Run(TinyTasks.FineTune(_folder.File("tuned-files"), data.Actions), Token).Evaluation!;
        Assert.Equal(tunedOfFiles with { RateTrials = [] }, tuned with { RateTrials = [] });
    }

    [Fact]
    public async Task Verification_OfBlobStorage_ReportsWhatItHolds()
    {
        DatasetInput actions = await blobs.UploadAsync(data.Actions, "verification");

        DatasetOutcome outcome = (await RunAsync(TinyTasks.Verify(_folder.Path, actions))).Dataset!;

        Assert.Equal((48, data.Actions.Digest), (outcome.Samples, outcome.Digest));
    }

    [Fact]
    public async Task Stage_PermissionWithdrawnInTheMiddle_Ends40AndGoesOnAfterItsRenewal()
    {
        (DatasetInput local, DatasetInput remote) = await ManyShardsAsync("withdrawn");

        await FailsAsync(ExitCodes.StorageOrNetwork, Long("run", remote), () => blobs.Revoke("withdrawn"), "withdrawn", "refuses");
        await FailsAsync(ExitCodes.StorageOrNetwork, Long("run", remote), () => { }, attempt: 2, words: "refuses");
        blobs.Grant("withdrawn");
        TaskResult continued = await RunAsync(Long("run", remote), attempt: 3);

        TaskResult files = TinyTasks.Run(Long("files", local), Token);
        Assert.Equal(files.Training!.WeightsDigest, continued.Training!.WeightsDigest);
        Assert.Equal(Curve("files"), Curve("run"));
    }

    [Fact]
    public async Task Stage_NoPermissionAtTheStart_Ends64()
    {
        DatasetInput context = await blobs.UploadAsync(data.Context, "refused");
        blobs.Revoke("refused");

        await FailsAsync(ExitCodes.BadSpec, TinyTasks.Mae(_folder.File("run"), context), () => { }, "refuses", "sas");
    }

    [Fact]
    public async Task Stage_ShardsChangedInTheMiddle_Ends65NamingOne()
    {
        (_, DatasetInput remote) = await ManyShardsAsync("changed");

        await FailsAsync(ExitCodes.DataDigestMismatch, Long("run", remote), () => Spoil(blobs.Container("changed")), ".tar");
    }

    [Fact]
    public async Task Stage_ShardsRemovedInTheMiddle_Ends65NamingOne()
    {
        (_, DatasetInput remote) = await ManyShardsAsync("removed");

        await FailsAsync(ExitCodes.DataDigestMismatch, Long("run", remote), () => Remove(blobs.Container("removed")), "train-");
    }

    [Fact]
    public async Task Stage_CacheThatIsTooSmall_Ends64WithTheNumbers()
    {
        DatasetInput context = await blobs.UploadAsync(data.Context, "small-cache");
        DataPlaneOptions options = blobs.Options(_folder.File("cache")) with { CacheBytes = 1000 };

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(TinyTasks.Mae(_folder.File("run"), context), options));

        Assert.Equal(ExitCodes.BadSpec, failure.ExitCode);
        Assert.Contains("the limit is 1000 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stage_CacheInAFolderOfOtherFiles_Ends64AndLeavesThem()
    {
        DatasetInput context = await blobs.UploadAsync(data.Context, "foreign-cache");
        Directory.CreateDirectory(_folder.File("cache"));
        File.WriteAllText(_folder.File("cache/thesis.txt"), "chapter 1");

        await FailsAsync(ExitCodes.BadSpec, TinyTasks.Mae(_folder.File("run"), context), () => { }, _folder.File("cache"));
        Assert.Equal("chapter 1", File.ReadAllText(_folder.File("cache/thesis.txt")));
    }

    [Fact]
    public void Stage_LessMemoryThanItsBatches_Ends64WithTheNumbers()
    {
        TaskContext context = TinyTasks.ContextOf(
            TinyTasks.Mae(_folder.Path, data.Context), blobs.Options(_folder.File("cache")) with { MemoryBytes = 1000 });

        var failure = Assert.Throws<TaskFailedException>(() => TinyTasks.Run(context, Token));

        Assert.Equal(ExitCodes.BadSpec, failure.ExitCode);
        Assert.Contains("1000 bytes of memory", failure.Message, StringComparison.Ordinal);
    }

    private Task<TaskResult> RunAsync(TaskSpec task, int attempt = 1) => RunAsync(task, blobs.Options(_folder.File("cache")), attempt);

    private static async Task<TaskResult> RunAsync(TaskSpec task, DataPlaneOptions options, int attempt = 1, ILoggerFactory? loggers = null)
    {
        TaskContext context = TinyTasks.ContextOf(task, options) with { Attempt = attempt };
        await using DataPlane plane = context.Data;
        return TinyTasks.Run(loggers is null ? context : context with { LoggerFactory = loggers }, Token);
    }

    private Task FailsAsync(int exitCode, TaskSpec task, Action afterFirstCheckpoint, params string[] words) =>
        FailsAsync(exitCode, task, afterFirstCheckpoint, attempt: 1, words);

    private async Task FailsAsync(int exitCode, TaskSpec task, Action afterFirstCheckpoint, int attempt, params string[] words)
    {
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(new AtFirstCheckpoint(afterFirstCheckpoint)));

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(task, blobs.Options(_folder.File("cache")), attempt, loggers));

        Assert.True(failure.ExitCode == exitCode, failure.ToString());
        Assert.All(words, word => Assert.Contains(word, failure.Message, StringComparison.Ordinal));
    }

    /// <summary>A stage that reads every clip in one pass, block by block.</summary>
    private TaskSpec Long(string run, DatasetInput input)
    {
        TaskSpec task = TinyTasks.Mae(_folder.File(run), input);
        PretrainStageTask stage = task.PretrainStage!;
        return task with
        {
            PretrainStage = stage with { ShuffleBlockBytes = 20_000, Optimization = stage.Optimization with { Steps = Steps } },
        };
    }

    private async Task<(DatasetInput Local, DatasetInput Remote)> ManyShardsAsync(string name)
    {
        string folder = TinyData.Pack(
            _folder.File(name), HumanPresence.None, [], shardBytes: 1, [.. Enumerable.Repeat(("train", true), Clips)]);
        Assert.Equal(Clips, Directory.EnumerateFiles(folder, "*.tar").Count());
        DatasetInput local = TinyData.Input(folder, Humans.None);
        return (local, await blobs.UploadAsync(local, name));
    }

    /// <summary>The same names and sizes, other bytes.</summary>
    private static void Spoil(BlobContainerClient container)
    {
        foreach (BlobItem blob in container.GetBlobs().Where(blob => blob.Name.EndsWith(".tar", StringComparison.Ordinal)))
        {
            BlobClient client = container.GetBlobClient(blob.Name);
            client.Upload(BinaryData.FromBytes(new byte[blob.Properties.ContentLength!.Value]), overwrite: true);
        }
    }

    private static void Remove(BlobContainerClient container)
    {
        foreach (BlobItem blob in container.GetBlobs().Where(blob => blob.Name.Contains("train-", StringComparison.Ordinal)))
        {
            container.DeleteBlob(blob.Name);
        }
    }

    private string Curve(string run) => File.ReadAllText(_folder.File($"{run}/mae/curve.jsonl"));

    /// <summary>Does something while the first checkpoint is reported, on the thread that trains.</summary>
    private sealed class AtFirstCheckpoint(Action action) : ILoggerProvider, ILogger
    {
        private bool _isDone;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!_isDone && formatter(state, exception).StartsWith("Checkpoint of step", StringComparison.Ordinal))
            {
                _isDone = true;
                action();
            }
        }

        public void Dispose()
        {
        }
    }
}
