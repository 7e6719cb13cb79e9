using Ppma.Api.Runs;

namespace Ppma.Api.Tasks;

/// <summary>Which checkpoint is the best.</summary>
public sealed record BestPolicy
{
    /// <summary><c>loss</c>, or of a classification stage also <c>top1</c>, <c>top5</c> or <c>meanClassAccuracy</c>.</summary>
    public required string Metric { get; init; }

    public required BestMode Mode { get; init; }
}
