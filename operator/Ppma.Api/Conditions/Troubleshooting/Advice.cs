namespace Ppma.Api.Conditions.Troubleshooting;

/// <summary>What a person who meets a reason should know beside its meaning, which is the summary of <see cref="Conditions.Reason"/>.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Outlook">What becomes of the resource when nobody does anything.</param>
internal sealed record Advice(Reason Reason, Outlook Outlook)
{
    /// <summary>What is likely behind it, the likeliest first.</summary>
    public IReadOnlyList<string> Causes { get; init; } = [];

    /// <summary>Commands that tell more; they may use the variables that <see cref="TroubleshootingPage"/> sets.</summary>
    public IReadOnlyList<string> Look { get; init; } = [];

    /// <summary>What to do, the likeliest first.</summary>
    public IReadOnlyList<string> Fixes { get; init; } = [];
}
