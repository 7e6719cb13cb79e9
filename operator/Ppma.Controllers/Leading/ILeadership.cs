namespace Ppma.Controllers.Leading;

/// <summary>Whether this process may write.</summary>
public interface ILeadership
{
    /// <summary>True while the lease was renewed, by the monotonic clock, so recently that nobody else can hold it.</summary>
    bool IsLeading { get; }

    /// <exception cref="LeadershipLostException">This process does not lead.</exception>
    void Demand();
}
