using CsCheck;
using Ppma.Datasets.Ordering;

namespace Ppma.Datasets.Tests.Ordering;

/// <summary>Shards of any shape: sample sizes from one byte to several blocks.</summary>
internal static class Layouts
{
    public static readonly Gen<(List<ShardLayout> Shards, long Seed, long BlockBytes)> Any = Gen.Select(
        Gen.Int[1, 300].Array[1, 40].Array[1, 8], Gen.Long, Gen.Long[1, 2000], (sizes, seed, blockBytes) => (Of(sizes), seed, blockBytes));

    /// <summary>Each sample follows a header of 5 bytes.</summary>
    public static List<ShardLayout> Of(int[][] shardsOfSizes)
    {
        int ordinal = 0;
        return [.. shardsOfSizes.Select(sizes =>
        {
            var offsets = new long[sizes.Length];
            long end = 0;
            for (int i = 0; i < sizes.Length; i++)
            {
                offsets[i] = end + 5;
                end = offsets[i] + sizes[i];
            }

            int first = ordinal;
            ordinal += sizes.Length;
            return new ShardLayout(end + 10, [.. Enumerable.Range(first, sizes.Length)], offsets);
        })];
    }
}
