namespace Ppma.Api.Tasks;

/// <summary>What <c>/progress</c> answers: at most 64 KiB of JSON.</summary>
public sealed record TaskProgress
{
    /// <summary>For people: <c>starting</c>, <c>training</c>, <c>choosing rate</c>, <c>testing</c>, <c>done</c>.</summary>
    public required string Phase { get; init; }

    public required long Step { get; init; }

    public required long TotalSteps { get; init; }

    public double Percent => TotalSteps > 0 ? 100.0 * Step / TotalSteps : 0;

    /// <summary>Epochs done, each data set counted once however often it is repeated; absent where no training counts them.</summary>
    public double? Epoch { get; init; }

    /// <summary>Clips (views for MAE) a second, over the last steps.</summary>
    public double ClipsPerSecond { get; init; }

    public double EtaSeconds { get; init; }

    /// <summary>Mean loss over the last steps; absent before the first.</summary>
    public double? Loss { get; init; }

    /// <summary>Share of the last steps' time in which training waited for data, 0 to 1; absent in other phases.</summary>
    public double? WaitShare { get; init; }

    /// <summary>Learning rate before layer decay.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Joint norm of the gradients before clipping, mean over the last report.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>Updates of this attempt that were skipped because a number was not finite.</summary>
    public long SkippedUpdates { get; init; }

    /// <summary>Model FLOPs utilisation, 0 to 1; absent where the device's peak is not known.</summary>
    public double? Mfu { get; init; }

    /// <summary>The last validation, by name; absent before the first.</summary>
    public IReadOnlyDictionary<string, double>? Validation { get; init; }

    /// <summary>The newest durable checkpoint of this attempt; absent before the first.</summary>
    public ProgressCheckpoint? Checkpoint { get; init; }

    /// <summary>When the step last moved.</summary>
    public required DateTimeOffset LastProgressTime { get; init; }
}
