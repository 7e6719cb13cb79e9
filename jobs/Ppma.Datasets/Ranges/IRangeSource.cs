using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Ranges;

/// <summary>Answers one request for one range of one blob, without trying again. Thread-safe.</summary>
internal interface IRangeSource
{
    /// <summary>Asks for the range and returns when the headers of the answer are there.</summary>
    /// <param name="name">The blob's name below the store's URI.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes asked for; at least one.</param>
    /// <param name="eTag">The version that must answer.</param>
    /// <param name="cancellationToken">Gives the request up, and every later read of the body's stream with its own token.</param>
    /// <exception cref="StoreException">No further try would help: missing, forbidden, changed, too short.</exception>
    /// <exception cref="TransientRangeException">Another try may help.</exception>
    ValueTask<RangeBody> OpenAsync(string name, long offset, long length, string eTag, CancellationToken cancellationToken);

    /// <summary>Where the blob lies, for messages; never with a secret in it.</summary>
    string Locate(string name);
}
