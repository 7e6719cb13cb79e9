using CsCheck;
using Ppma.Datasets.Ordering;

namespace Ppma.Datasets.Tests.Ordering;

/// <summary>Splits of any shape: shards from a few bytes to several blocks.</summary>
internal static class Layouts
{
    public static readonly Gen<(ShardSize[] Shards, long Seed, long BlockBytes)> Any = Gen.Select(
        Gen.Select(Gen.Long[1, 5000], Gen.Int[1, 40], (bytes, samples) => new ShardSize(bytes, samples)).Array[1, 12],
        Gen.Long,
        Gen.Long[1, 8000]);

    public static ShardSize[] Of(int shards, long bytes, int samples) => [.. Enumerable.Repeat(new ShardSize(bytes, samples), shards)];
}
