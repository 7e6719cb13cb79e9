namespace Ppma.Operator.Runs;

/// <summary>What an operator's installation decides for all runs.</summary>
public sealed record RunOptions
{
    /// <summary>The worker image of runs that name none. It is frozen with a run's tasks, so that an upgrade changes nothing under it.</summary>
    public string WorkerImage { get; init; } = "";

    /// <summary>Whether <c>privacy.realHumans: Allowed</c> is ruled out in every namespace.</summary>
    public bool ForbidRealHumans { get; init; }

    /// <summary>Namespaces in which <c>privacy.realHumans: Allowed</c> is ruled out.</summary>
    public IReadOnlyList<string> ForbidRealHumansIn { get; init; } = [];

    /// <summary>What <c>compute.threads: 0</c> means where neither a limit nor a request of CPUs says it.</summary>
    public int DefaultThreads { get; init; } = 4;

    /// <summary>Whether <c>privacy.realHumans: Allowed</c> is ruled out there.</summary>
    public bool RulesOutRealHumans(string @namespace) => ForbidRealHumans || ForbidRealHumansIn.Contains(@namespace, StringComparer.Ordinal);
}
