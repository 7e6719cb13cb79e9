namespace Ppma.Controllers.Caching;

/// <summary>What keeps one kind's cache like the server.</summary>
internal interface IReflector
{
    /// <summary>Completes when the kind has been listed once.</summary>
    Task Synced { get; }

    /// <summary>Why the cache should not be trusted: never listed, or nothing heard for longer than a watch lasts; null while it is fresh.</summary>
    string? Problem { get; }

    /// <summary>Runs until it is cancelled.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
