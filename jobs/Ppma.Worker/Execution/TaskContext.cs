using Microsoft.Extensions.Logging;
using Ppma.Api.Tasks;
using Ppma.Worker.Artifacts;
using Ppma.Worker.Data;
using Ppma.Worker.Progress;

namespace Ppma.Worker.Execution;

/// <summary>All a runner is given.</summary>
internal sealed record TaskContext
{
    public required TaskSpec Task { get; init; }

    /// <summary>SHA-256 (hex) of the task file; goes into the result.</summary>
    public required string TaskDigest { get; init; }

    /// <summary>When this attempt began.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>Which attempt of the task this is, from 1.</summary>
    public required int Attempt { get; init; }

    public required RunFolder Artifacts { get; init; }

    public required ProgressReporter Progress { get; init; }

    public required DataPlane Data { get; init; }

    public required ILoggerFactory LoggerFactory { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    /// <summary>The result of this task with everything filled in that does not depend on its kind.</summary>
    public TaskResult Result(
        TrainingOutcome? training = null, EvaluationOutcome? evaluation = null, DatasetOutcome? dataset = null) => new()
    {
        TaskDigest = TaskDigest,
        InputDigest = Task.InputDigest,
        Kind = Task.Kind,
        StartTime = StartTime,
        CompletionTime = TimeProvider.GetUtcNow(),
        Training = training,
        Evaluation = evaluation,
        Dataset = dataset,
    };
}
