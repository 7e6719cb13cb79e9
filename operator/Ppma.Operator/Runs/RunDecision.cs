using Ppma.Api.Runs;

namespace Ppma.Operator.Runs;

/// <summary>What is to be done with a run: one action, after which it is decided again; or, when there is none, a status to write.</summary>
/// <param name="Action">What to do first; null when nothing is left to do.</param>
/// <param name="Status">The status; to be written when there is no action and it differs.</param>
/// <param name="Events">To be told once the status is written.</param>
/// <param name="RequeueAfter">When to look again even if nothing changes.</param>
internal sealed record RunDecision(RunAction? Action, RunStatus Status, IReadOnlyList<RunEvent> Events, TimeSpan? RequeueAfter);
