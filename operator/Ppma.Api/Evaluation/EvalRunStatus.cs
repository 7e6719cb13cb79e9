using Ppma.Api.Runs;

namespace Ppma.Api.Evaluation;

/// <summary>A trial's state and its numbers.</summary>
public sealed record EvalRunStatus : RunStatus
{
    /// <summary>What was measured; there once the run has succeeded.</summary>
    public EvalResult? Result { get; init; }
}
