namespace Ppma.Datasets.Metrics;

/// <summary>Why a range was asked for again.</summary>
public enum RetryReason
{
    /// <summary>The store asked to come back later (429, 503).</summary>
    Throttled,

    /// <summary>The store failed (other 5xx, 408).</summary>
    Server,

    /// <summary>No connection, or it broke.</summary>
    Connection,

    /// <summary>The body ended before the range did.</summary>
    Truncated,

    /// <summary>No byte came for too long.</summary>
    Stalled,

    /// <summary>Another version of the blob answered than the one that the request named.</summary>
    Version,

    /// <summary>The bytes did not have the recorded hash.</summary>
    Hash,
}
