namespace Ppma.Controllers.Leading;

/// <summary>Lets one process of many do the work.</summary>
public interface IElection
{
    /// <summary>
    /// Campaigns again and again until <paramref name="stopping"/>. Whenever this process leads, runs <paramref name="whileLeading"/> with a token that is
    /// cancelled the moment it no longer does, and campaigns again only after that has ended, so that two terms never overlap in one process.
    /// Where <paramref name="stopping"/> is cancelled while leading, the lease is renewed until <paramref name="whileLeading"/> has ended by itself, and then released.
    /// Never fails because the API server does.
    /// </summary>
    Task RunAsync(Func<CancellationToken, Task> whileLeading, CancellationToken stopping);
}
