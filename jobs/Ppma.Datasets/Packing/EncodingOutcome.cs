using Ppma.Datasets.Packing.Sources;

namespace Ppma.Datasets.Packing;

/// <summary>What became of a source: a sample, or damage.</summary>
internal readonly record struct EncodingOutcome(PackSource Source, EncodedSample? Sample, DamagedSourceException? Damage);
