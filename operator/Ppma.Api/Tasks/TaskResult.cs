namespace Ppma.Api.Tasks;

/// <summary><c>result.json</c>, written last. The termination message is the same without curves, at most 4 KiB.</summary>
public sealed record TaskResult
{
    public required string TaskDigest { get; init; }

    public required string InputDigest { get; init; }

    public required TaskKind Kind { get; init; }

    public required DateTimeOffset StartTime { get; init; }

    public required DateTimeOffset CompletionTime { get; init; }

    /// <summary>SHA-256 (hex) of the <c>record.json</c> beside it.</summary>
    public string? RecordDigest { get; init; }

    public TrainingOutcome? Training { get; init; }

    public EvaluationOutcome? Evaluation { get; init; }

    public DatasetOutcome? Dataset { get; init; }
}
