using System.Globalization;
using System.Text.RegularExpressions;
using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Lives;

/// <summary>
/// Whether an operator did what a life in which no pod failed allows, by the API server's own record: every object created once, one Job
/// a stage, none deleted but the Jobs that verified a data set, whose finding is all that matters. The objects that are left could not tell.
/// </summary>
internal static partial class LifeJudge
{
    /// <summary>What it did wrong, one sentence each.</summary>
    /// <param name="log">Of the life's namespace.</param>
    /// <param name="user">Who the operator is.</param>
    /// <param name="stages">How many stages there are to do, of all objects together.</param>
    public static IReadOnlyList<string> Violations(IReadOnlyCollection<AuditEntry> log, string user, int stages)
    {
        var done = log.Where(entry => entry.User == user && entry.Succeeded && !entry.IsDryRun && entry.Subresource.Length == 0).ToList();
        var creates = done.Where(entry => entry.Verb == "create" && entry.Resource is "jobs" or "configmaps").ToList();
        var jobs = creates.Where(entry => entry.Resource == "jobs").Select(entry => entry.Name).Distinct().Select(name => JobName().Match(name)).ToList();
        return
        [
            .. creates.GroupBy(entry => (entry.Resource, entry.Name)).Where(group => group.Count() > 1)
                .Select(group => $"{group.Key.Resource}/{group.Key.Name} was created {group.Count()} times"),
            .. jobs.Where(job => !job.Success).Select(job => "a Job's name has no attempt"),
            .. jobs.GroupBy(job => job.Groups["stage"].Value).Where(group => group.Count() > 1)
                .Select(group => $"{group.Key} had attempts {string.Join(", ", group.Select(Attempt).Order())}, though the first did not fail"),
            .. jobs.Where(job => job.Success && Attempt(job) != 1).Select(job => $"Job {job.Value} is no first attempt"),
            .. jobs.Select(job => job.Groups["stage"].Value).Distinct().Count() is var count && count == stages
                ? Array.Empty<string>()
                : [$"{count} stages got a Job, and there are {stages}"],
            .. done.Where(entry => entry.Verb is "delete" or "deletecollection" && entry.Resource is "jobs" or "configmaps" or "pods" && !Verified().IsMatch(entry.Name))
                .Select(entry => $"{entry.Resource}/{entry.Name} was deleted"),
        ];
    }

    /// <summary>Fails with every violation in full; xUnit's own message would show the first five, cut short.</summary>
    public static void Acquit(IEnumerable<string> violations)
    {
        string text = string.Join("\n\n", violations);
        Assert.True(text.Length == 0, text);
    }

    private static int Attempt(Match job) => int.Parse(job.Groups["attempt"].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("-verify-[0-9a-f]{6}-a1$")]
    private static partial Regex Verified();

    [GeneratedRegex(@"^(?<stage>.+)-a(?<attempt>\d+)$")]
    private static partial Regex JobName();
}
