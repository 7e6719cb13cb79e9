namespace Ppma.Api.Runs;

/// <summary>The outcome of the privacy gate.</summary>
public enum PrivacyDecision
{
    /// <summary>Real humans were forbidden, and every input is attested to show none.</summary>
    Passed,

    /// <summary>Real humans were forbidden, and some input is not attested to show none.</summary>
    Refused,

    /// <summary>Real humans were allowed: nothing was checked and nothing is claimed.</summary>
    NotClaimed,
}
