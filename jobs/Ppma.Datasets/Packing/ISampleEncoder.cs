using System.Text.Json.Nodes;
using Ppma.Datasets.Packing.Sources;

namespace Ppma.Datasets.Packing;

/// <summary>Turns a source into the bytes that are packed. Thread-safe.</summary>
public interface ISampleEncoder
{
    /// <summary>Everything that decides these bytes; part of the data set's provenance.</summary>
    JsonObject Provenance { get; }

    /// <summary>Why a source cannot be packed in this way, whatever its bytes are; null if it can.</summary>
    string? ProblemOf(PackSource source);

    /// <summary>Reads and encodes one source on the calling thread.</summary>
    /// <exception cref="DamagedSourceException">The source itself is at fault: another may well be encoded.</exception>
    /// <exception cref="IOException">The source cannot be read.</exception>
    EncodedSample Encode(PackSource source, CancellationToken cancellationToken = default);
}
