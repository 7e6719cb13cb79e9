using Ppma.Api;
using Ppma.Api.Resolution;
using Ppma.Datasets;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;

namespace Ppma.Cli.Running;

/// <summary>What resolution has to know of a data set. Its index, shard sizes and labels are checked on the way, so that a broken one starts nothing.</summary>
internal static class DatasetReader
{
    /// <param name="uri">An absolute <c>file:</c> URI.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DatasetFormatException">The files contradict the format or each other.</exception>
    /// <exception cref="StoreException">A file is missing or cannot be read.</exception>
    public static async Task<DatasetFacts> ReadAsync(string uri, CancellationToken cancellationToken)
    {
        (DatasetIndex index, string digest) = await DatasetVerifier.VerifyAsync(BlobStore.Open(uri), cancellationToken: cancellationToken);
        return new DatasetFacts
        {
            Digest = digest,
            Humans = Enum.Parse<Humans>(index.Humans.ToString()),
            Classes = index.Classes,
            Samples = index.Shards.GroupBy(shard => shard.Split).ToDictionary(split => split.Key, split => split.Sum(shard => (long)shard.Samples)),
        };
    }
}
