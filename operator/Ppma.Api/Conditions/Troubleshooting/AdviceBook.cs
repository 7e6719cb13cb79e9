namespace Ppma.Api.Conditions.Troubleshooting;

/// <summary>Advice on every reason of the closed list.</summary>
internal static class AdviceBook
{
    /// <summary>What may need somebody, in the order in which a run meets it.</summary>
    public static IReadOnlyList<AdviceSection> Sections { get; } =
        [InputAdvice.Section, PrivacyAdvice.Section, SpecAdvice.Section, StartAdvice.Section, ProgressAdvice.Section, AttemptAdvice.Section, EndAdvice.Section, DatasetAdvice.Section];

    /// <summary>What needs nobody: it says that all is well, or that what was asked for happens.</summary>
    public static IReadOnlyList<Reason> Fine { get; } =
    [
        Reason.DatasetsVerified, Reason.WeightsFound, Reason.PrivacyGatePassed, Reason.PrivacyNotClaimed, Reason.AttestationMatches, Reason.SpecValid,
        Reason.TasksFrozen, Reason.Running, Reason.Suspending, Reason.Suspended, Reason.Cancelling, Reason.Cancelled, Reason.Completed,
        Reason.TimeToLiveOver, Reason.Verifying, Reason.DatasetVerified,
    ];

    private static readonly Dictionary<Reason, Advice> ByReason =
        Sections.SelectMany(section => section.Entries).Concat(Fine.Select(reason => new Advice(reason, Outlook.Fine))).ToDictionary(advice => advice.Reason);

    /// <exception cref="KeyNotFoundException">Nobody wrote any: every reason needs some.</exception>
    public static Advice On(Reason reason) => ByReason.TryGetValue(reason, out var advice)
        ? advice
        : throw new KeyNotFoundException($"There is no advice on {reason}; write some in operator/Ppma.Api/Conditions/Troubleshooting.");
}
