namespace Ppma.Testing.Faults;

/// <summary>What can go wrong with the answer to a read of a blob.</summary>
public enum Fault
{
    None,

    /// <summary>503 Server Busy.</summary>
    Unavailable,

    /// <summary>503 Server Busy with <c>Retry-After: 1</c>.</summary>
    UnavailableRetryAfter,

    /// <summary>The answer stops somewhere in its body; the connection stays open.</summary>
    Stall,

    /// <summary>The connection is closed in order somewhere in the body.</summary>
    Truncate,

    /// <summary>The connection is reset (RST) somewhere in the body, or before the answer.</summary>
    Reset,

    /// <summary>The answer bears another ETag; its bytes are right.</summary>
    WrongETag,

    /// <summary>One byte of the body is another.</summary>
    FlippedByte,
}
