using System.Text.Json.Nodes;
using Ppma.Datasets.Indexing;

namespace Ppma.Datasets.Packing;

/// <summary>What the maker of a data set says about it; goes into the index as it is.</summary>
public sealed record DatasetDescription
{
    public required string Name { get; init; }

    public required HumanPresence Humans { get; init; }

    /// <summary>SPDX identifier, or the terms in words.</summary>
    public required string Licence { get; init; }

    /// <summary>Class names; a label is a position here. Empty for videos without labels.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>How the data came to be: tool and version, seed, arguments. No times or paths, or equal data get different digests.</summary>
    public JsonObject Provenance { get; init; } = [];

    /// <summary>Whether an index says the same.</summary>
    internal bool Describes(DatasetIndex index) =>
        index.Name == Name
        && index.Humans == Humans
        && index.Licence == Licence
        && index.Classes.SequenceEqual(Classes)
        && JsonNode.DeepEquals(index.Provenance, Provenance);
}
