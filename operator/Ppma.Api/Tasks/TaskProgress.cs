namespace Ppma.Api.Tasks;

/// <summary>What <c>/progress</c> answers: at most 64 KiB of JSON.</summary>
public sealed record TaskProgress
{
    /// <summary>For people: <c>starting</c>, <c>training</c>, <c>choosing rate</c>, <c>testing</c>, <c>done</c>.</summary>
    public required string Phase { get; init; }

    public required long Step { get; init; }

    public required long TotalSteps { get; init; }

    public double Percent => TotalSteps > 0 ? 100.0 * Step / TotalSteps : 0;

    /// <summary>Clips (views for MAE) a second, over the last steps.</summary>
    public double ClipsPerSecond { get; init; }

    public double EtaSeconds { get; init; }

    /// <summary>Mean loss over the last steps; absent before the first.</summary>
    public double? Loss { get; init; }

    /// <summary>When the step last moved.</summary>
    public required DateTimeOffset LastProgressTime { get; init; }
}
