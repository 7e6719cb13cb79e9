namespace Ppma.Operator.Progress;

/// <summary>What a reply means for those who look.</summary>
internal enum ProgressNote
{
    /// <summary>Nothing that is worth a write.</summary>
    Nothing,

    /// <summary>There is something new to be seen.</summary>
    Shown,

    /// <summary>There would be, but the budget is used up. The next reply asks again.</summary>
    Deferred,
}
