namespace Ppma.Controllers.Leading;

/// <summary>Lets one process of many do the work.</summary>
public interface IElection
{
    /// <summary>
    /// Waits until this process leads, for as long as that takes and whatever the API server does meanwhile, and then runs one term of <paramref name="whileLeading"/>
    /// with a token that is cancelled the moment this process no longer leads. When <paramref name="stopping"/> is cancelled, or the work ends, the term is over:
    /// the lease is renewed until <paramref name="whileLeading"/> has ended by itself, and then released. Its exception is thrown on.
    /// </summary>
    /// <exception cref="LeadershipLostException">
    /// Leadership was lost. The work was told to end and waited for as long as nobody else can lead. It may still run: the process must end, and never campaign again.
    /// </exception>
    Task RunAsync(Func<CancellationToken, Task> whileLeading, CancellationToken stopping);
}
