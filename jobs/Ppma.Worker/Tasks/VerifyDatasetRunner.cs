using Ppma.Api.Datasets;
using Ppma.Api.Tasks;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Reading;
using Ppma.Worker.Execution;

namespace Ppma.Worker.Tasks;

/// <summary>Checks a data set and reports what it holds.</summary>
internal sealed class VerifyDatasetRunner : ITaskRunner
{
    public TaskKind Kind => TaskKind.VerifyDataset;

    public Task<TaskResult> RunAsync(TaskContext context, CancellationToken stopping) =>
        Task.FromResult(context.Result(dataset: TaskFaults.Explain(() => TaskFaults.AtStart(context, () => Verify(context, context.Task.VerifyDataset!, stopping)))));

    private static DatasetOutcome Verify(TaskContext context, VerifyDatasetTask task, CancellationToken stopping)
    {
        int done = 0;
        var progress = new ShardProgress(_ => context.Progress.Report("verifying", Interlocked.Increment(ref done), 0, 0));
        (DatasetIndex index, string digest) = DatasetVerifier
            .VerifyAsync(context.Data.OpenStore(task.Name, task.Uri, task.Credentials), task.ExpectedDigest, task.ReadShards, progress, stopping).GetAwaiter().GetResult();
        return new DatasetOutcome
        {
            Digest = digest,
            Samples = index.Samples,
            Shards = index.Shards.Count,
            Bytes = index.Bytes,
            Classes = index.Classes.Count,
            Humans = index.Humans.ToHumans(),
            Splits = index.Shards.GroupBy(shard => shard.Split, StringComparer.Ordinal).ToDictionary(split => split.Key, split => split.Sum(shard => (long)shard.Samples)),
            ClassesDigest = ClassNames.Digest(index.Classes),
        };
    }

    // Progress<T> would report on the thread pool, out of order.
    private sealed class ShardProgress(Action<ShardEntry> report) : IProgress<ShardEntry>
    {
        public void Report(ShardEntry value) => report(value);
    }
}
