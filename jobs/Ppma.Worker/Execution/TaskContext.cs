using Microsoft.Extensions.Logging;
using Ppma.Api.Tasks;
using Ppma.Video.Loading;
using Ppma.Worker.Artifacts;
using Ppma.Worker.Data;
using Ppma.Worker.Progress;

namespace Ppma.Worker.Execution;

/// <summary>All a runner is given.</summary>
internal sealed record TaskContext
{
    private const int MostDamagedSamples = 10;

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

    /// <summary>Name of the GPU; null where there is none.</summary>
    public string? GpuName { get; init; }

    /// <summary>Teraflops a second that MFU is counted against; null goes by the GPU's name.</summary>
    public double? PeakTeraflops { get; init; }

    /// <summary>What could not be decoded, by part of the task; for the record.</summary>
    public List<DamagedClips> Damaged { get; } = [];

    public required ILoggerFactory LoggerFactory { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    /// <summary>The first clips that could not be decoded, as results name them; null where all could.</summary>
    public IReadOnlyList<string>? DamagedSamples() => Damaged.Any(part => part.Count > 0)
        ? [.. Damaged.SelectMany(part => part.Named).Take(MostDamagedSamples).Select(clip => $"{clip.Dataset}/{clip.Shard}/{clip.Key}")]
        : null;

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
