using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing.Sources;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Packing;

/// <summary>What is packed, how, and to where.</summary>
public sealed record PackRequest
{
    public required SourceSet Sources { get; init; }

    public required ISampleEncoder Encoder { get; init; }

    /// <summary>A folder of this machine, or a container to upload to.</summary>
    public required IBlobStore Target { get; init; }

    public required string Name { get; init; }

    public required HumanPresence Humans { get; init; }

    /// <summary>SPDX identifier, or the terms in words.</summary>
    public required string Licence { get; init; }

    /// <summary>Where shards grow until they are uploaded: a folder for each job, named after what is packed. Not used for a local target.</summary>
    public string WorkFolder { get; init; } = Path.Combine(Path.GetTempPath(), "ppma-pack");

    /// <summary>Largest shard in bytes.</summary>
    public long ShardBytes { get; init; } = new PackingOptions().ShardBytes;

    /// <summary>Replace a complete data set that is there already.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Sources that are encoded side by side; as many more encoded ones may wait for their turn in memory.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    public DamageLimit AcceptDamaged { get; init; }
}
