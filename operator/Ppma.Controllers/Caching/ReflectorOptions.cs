namespace Ppma.Controllers.Caching;

/// <summary>How a cache is kept up to date.</summary>
public sealed record ReflectorOptions
{
    /// <summary>A watch is asked to end after a random time from here…</summary>
    public TimeSpan ShortestWatch { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>… to here, so that watches do not all begin again at once.</summary>
    public TimeSpan LongestWatch { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>
    /// A watch that says nothing (no event, no bookmark, no end) for its time and this much more is cut and begun again; so is a list that
    /// brings no object for this long.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A watch that has brought a bookmark is cut earlier, when nothing follows for this long: servers that send bookmarks send one a minute (KEP-956),
    /// and a connection that was lost without a word is noticed by their absence.
    /// </summary>
    public TimeSpan BookmarkPatience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The wait after a first failure, doubled with each further one…</summary>
    public TimeSpan ShortestBackOff { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>… up to here; a server that asks for more (Retry-After) gets it.</summary>
    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromSeconds(30);
}
