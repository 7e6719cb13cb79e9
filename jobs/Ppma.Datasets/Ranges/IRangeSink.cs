namespace Ppma.Datasets.Ranges;

/// <summary>Takes the bytes of a blob in any order.</summary>
public interface IRangeSink
{
    /// <summary>
    /// Called side by side for different places. A place may be written more than once (after a retry, or by a hedged request),
    /// always with the same bytes, because every request is pinned to one ETag.
    /// </summary>
    /// <param name="offset">Place in the blob.</param>
    /// <param name="bytes">Valid until the task ends.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
