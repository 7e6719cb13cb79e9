using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Datasets.Reading;
using Ppma.Worker.Execution;

namespace Ppma.Worker.Tasks;

/// <summary>Computes one trial: learns on one split, reports another.</summary>
internal sealed class EvaluateRunner : ITaskRunner
{
    /// <summary>Share of damaged test clips above which a result would say more about the data than about the model.</summary>
    private const double MaxDamagedShare = 0.001;

    public TaskKind Kind => TaskKind.Evaluate;

    public Task<TaskResult> RunAsync(TaskContext context, CancellationToken stopping) =>
        Task.FromResult(context.Result(evaluation: TaskFaults.Explain(() => Evaluate(context, context.Task.Evaluate!, stopping))));

    private static EvaluationOutcome Evaluate(TaskContext context, EvaluateTask task, CancellationToken stopping)
    {
        // Evaluation may show people: that is what the benchmark measures on.
        Dataset train = TaskDatasets.Open(context, task.Train, allowRealHumans: true, stopping);
        Dataset test = TaskDatasets.Open(context, task.Test, allowRealHumans: true, stopping);
        TaskDatasets.RequireClasses(task.Train, train);
        RequireSameClasses(task, train, test);
        EvaluationOutcome outcome = task is { Protocol: Protocol.LinearProbe, TrainViews: > 0 }
            ? KeptFeaturesProbe.Run(context, task, train, test, stopping)
            : TrainedEvaluation.Run(context, task, train, test, stopping);
        return outcome.DamagedClips <= MaxDamagedShare * outcome.Samples ? outcome : throw new TaskFailedException(
            ExitCodes.DataDigestMismatch,
            $"{outcome.DamagedClips} of {outcome.Samples} test clips of data set '{task.Test.Name}' could not be decoded, more than {MaxDamagedShare:p1}. " +
            $"'{EvaluationFiles.Predictions}' in the artifacts names them (\"damaged\": true). Find out why with 'ppma dataset verify --read-shards', and pack the data set again.");
    }

    private static void RequireSameClasses(EvaluateTask task, Dataset train, Dataset test)
    {
        if (!train.Index.Classes.SequenceEqual(test.Index.Classes, StringComparer.Ordinal))
        {
            throw new TaskFailedException(
                ExitCodes.BadSpec,
                $"Data sets '{task.Train.Name}' and '{task.Test.Name}' list other classes, so what one teaches cannot be tested on the other. Use two splits of one data set.");
        }
    }
}
