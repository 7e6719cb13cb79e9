using Ppma.Api.Conditions;

namespace Ppma.Operator.Runs;

/// <summary>The API server, or a rule of the operator, does not want what was to be created.</summary>
/// <param name="Reason">QuotaExceeded, PodRefused, PodNotAllowed, NameTaken, or SpecInvalid.</param>
/// <param name="Message">For people; the server's own words where they are its.</param>
internal sealed record Refusal(Reason Reason, string Message)
{
    /// <summary>When it is tried again: nobody may have to change the run for it, only what is around it.</summary>
    public TimeSpan RetryAfter => TimeSpan.FromSeconds(IsWait ? 30 : 120);

    /// <summary>It passes by itself.</summary>
    public bool IsWait => Reason == Reason.QuotaExceeded;
}
