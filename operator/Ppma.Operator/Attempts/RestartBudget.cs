using Ppma.Api.Conditions;
using Ppma.Api.Runs;

namespace Ppma.Operator.Attempts;

/// <summary>Whether there is another attempt after an end, and when. Pure, and without randomness: a decision made twice is the same.</summary>
internal static class RestartBudget
{
    /// <summary>So much progress in one attempt, and both budgets are whole again.</summary>
    public static readonly TimeSpan ResetAfter = TimeSpan.FromHours(1);

    /// <param name="settings">The budgets and the waits.</param>
    /// <param name="soFar">What is used up; null for nothing.</param>
    /// <param name="end">How the attempt ended.</param>
    /// <param name="class">Who pays; neither Done nor Final.</param>
    /// <param name="progress">How long the attempt made progress: from its worker's start to its last step.</param>
    /// <param name="now">UTC; the wait counts from the end, or from here where nobody knows when that was.</param>
    public static RestartDecision After(
        RestartSettings settings, RestartStatus? soFar, AttemptEnd end, ExitClass @class, TimeSpan progress, DateTime now)
    {
        if (@class is ExitClass.Done or ExitClass.Final)
        {
            throw new ArgumentOutOfRangeException(nameof(@class), @class, "Nothing is tried again after an end of this class.");
        }

        var before = progress >= ResetAfter ? new RestartStatus() : soFar ?? new();
        var used = before with
        {
            Application = before.Application + (@class == ExitClass.Application ? 1 : 0),
            Infrastructure = before.Infrastructure + (@class == ExitClass.Infrastructure ? 1 : 0),
            Last = new() { Cause = end.Reason.ToString(), ExitCode = end.ExitCode, Node = end.Node, Time = end.FinishedAt ?? now },
        };
        Reason? exhausted =
            used.Application > settings.Application ? Reason.ApplicationBudgetExhausted
            : used.Infrastructure > settings.Infrastructure ? Reason.InfrastructureBudgetExhausted
            : null;
        return exhausted is { } which
            ? new(before with { Last = used.Last }, which, null)
            : new(used, null, (end.FinishedAt ?? now) + Wait(settings, used, @class));
    }

    // Who was taken over from has no budget to use up: only the longest wait keeps two from chasing each other.
    private static TimeSpan Wait(RestartSettings settings, RestartStatus used, ExitClass @class) => TimeSpan.FromSeconds(
        @class == ExitClass.Uncounted
            ? settings.MaxBackoffSeconds
            : Math.Min(settings.MaxBackoffSeconds, settings.BackoffSeconds * Math.Pow(2, used.Application + used.Infrastructure - 1)));
}
