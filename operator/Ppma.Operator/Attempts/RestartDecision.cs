using Ppma.Api.Conditions;
using Ppma.Api.Runs;

namespace Ppma.Operator.Attempts;

/// <summary>What follows an attempt that ended without a result.</summary>
/// <param name="Restarts">For the status: this restart counted where it is granted, and why it was in any case.</param>
/// <param name="Exhausted">The budget that is used up, so that there is no other attempt; null when there is one.</param>
/// <param name="NextAttemptTime">When it may begin.</param>
internal sealed record RestartDecision(RestartStatus Restarts, Reason? Exhausted, DateTime? NextAttemptTime);
