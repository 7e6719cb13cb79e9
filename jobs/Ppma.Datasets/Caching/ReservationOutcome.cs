namespace Ppma.Datasets.Caching;

/// <summary>What a cache's folder says to who wants room for a shard.</summary>
internal enum ReservationOutcome
{
    /// <summary>Fetch it into the file.</summary>
    Room,

    /// <summary>It is there already.</summary>
    Present,

    /// <summary>Another process, or another download of this one, is fetching it.</summary>
    Peer,

    /// <summary>The limit is reached, and what is there is in use; or the folder's lock cannot be had.</summary>
    NoRoom,
}
