using Ppma.Api.Runs;

namespace Ppma.Api.Evaluation;

/// <summary>A trial's state and its numbers.</summary>
public sealed record EvalRunStatus : RunStatus
{
    public EvalResult? Result { get; init; }
}
