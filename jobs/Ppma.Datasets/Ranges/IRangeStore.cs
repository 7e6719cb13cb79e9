using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Ranges;

/// <summary>A store that is read range by range over a network.</summary>
public interface IRangeStore : IBlobStore
{
    /// <summary>Copies bytes of a file into a sink, several ranges at a time, without holding them in memory.</summary>
    /// <exception cref="StoreException">As for reading.</exception>
    ValueTask CopyAsync(string name, long offset, long length, IRangeSink sink, CancellationToken cancellationToken = default);
}
