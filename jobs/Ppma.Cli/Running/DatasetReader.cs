using Ppma.Api;
using Ppma.Api.Datasets;
using Ppma.Api.Manifests;
using Ppma.Api.Resolution;
using Ppma.Api.Tasks;
using Ppma.Datasets;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;
using Ppma.Worker.Data;

namespace Ppma.Cli.Running;

/// <summary>What resolution has to know of data sets. Indexes, shard sizes and labels are checked on the way, so that a broken one starts nothing.</summary>
/// <param name="data">Opens the stores, as the workers will.</param>
/// <param name="dataRoot">Folder that <c>file:NAME</c> lies below.</param>
internal sealed class DatasetReader(DataPlane data, string dataRoot)
{
    /// <summary>Reads all data sets side by side.</summary>
    /// <returns>What was found, and what is wrong by field, in the order of the manifests.</returns>
    public async Task<(Dictionary<ResourceKey, DatasetFacts> Datasets, List<ManifestProblem> Problems)> ReadAsync(
        IEnumerable<Manifest> datasets, CancellationToken cancellationToken)
    {
        var read = await Task.WhenAll(datasets.Select(async manifest => (Manifest: manifest, Found: await ReadAsync(manifest, cancellationToken))));
        return (
            read.Where(one => one.Found.Facts is not null).ToDictionary(one => one.Manifest.Key, one => one.Found.Facts!),
            [.. read.Where(one => one.Found.Problem is not null).Select(one => one.Found.Problem!)]);
    }

    private async Task<(DatasetFacts? Facts, ManifestProblem? Problem)> ReadAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        VideoDatasetSpec spec = ((VideoDataset)manifest.Resource).Spec;
        try
        {
            IBlobStore store = data.OpenStore(manifest.Name, FileUris.Resolve(spec.Uri, dataRoot), spec.Credentials?.Secret?.Reference);
            (DatasetIndex index, string digest) = await DatasetVerifier.VerifyAsync(store, cancellationToken: cancellationToken);
            return (Facts(index, digest), null);
        }
        catch (Exception e) when (e is TaskFailedException)
        {
            return (null, new ManifestProblem(manifest.File, manifest.Document, "spec.credentials", e.Message));
        }
        catch (Exception e) when (e is StoreException or DatasetFormatException)
        {
            return (null, new ManifestProblem(manifest.File, manifest.Document, "spec.uri", e.Message));
        }
    }

    private static DatasetFacts Facts(DatasetIndex index, string digest) => new()
    {
        Digest = digest,
        Humans = Enum.Parse<Humans>(index.Humans.ToString()),
        Classes = index.Classes,
        Samples = index.Shards.GroupBy(shard => shard.Split).ToDictionary(split => split.Key, split => split.Sum(shard => (long)shard.Samples)),
    };
}
