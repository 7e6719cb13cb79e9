namespace Ppma.Controllers.Reconciling;

/// <summary>Has the objects of one kind looked at.</summary>
internal interface IController
{
    /// <summary>Looks at everything once, and then at what changes. Ends when one of the two is cancelled and nothing is being looked at any more.</summary>
    /// <param name="stopping">No further object is taken; what is being looked at is brought to its end.</param>
    /// <param name="abandon">What is being looked at is cancelled too.</param>
    Task RunAsync(CancellationToken stopping, CancellationToken abandon);
}
