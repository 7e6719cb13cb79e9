using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing.Sources;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Packing;

/// <summary>
/// Packs sources into a data set: encodes them side by side, packs them in order, uploads if the target is remote. Whatever ends
/// the process, the same request goes on behind the last complete shard, and the result has the same bytes.
/// </summary>
public static class DatasetPacker
{
    private const int FormatVersion = 1;
    private const string DamagedField = "damaged";

    private static readonly JsonSerializerOptions LineJson = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Packs, unless the target holds the result already.</summary>
    /// <exception cref="SourceProblemsException">The encoder does not take some of the sources.</exception>
    /// <exception cref="DamagedSourceException">More sources are damaged than are accepted.</exception>
    /// <exception cref="DatasetWriteException">The target holds something else, or cannot be written.</exception>
    /// <exception cref="StoreException">The remote target cannot be read or written.</exception>
    public static async Task<PackResult> PackAsync(
        PackRequest request, IProgress<PackProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        SourceProblemsException.ThrowIfAny(
        [
            .. from source in request.Sources.Sources
               let problem = request.Encoder.ProblemOf(source)
               where problem is not null
               select new SourceProblem(source.RelativePath, 0, problem),
        ]);
        DatasetDescription description = Describe(request);
        string key = KeyOf(request, description);
        string work = WorkFolderOf(request, key);
        if (!request.Overwrite
            && await FindCompleteAsync(request.Target, description, cancellationToken).ConfigureAwait(false) is { } complete)
        {
            RemoveWork(request, work);
            return Result(complete, written: false, [], null);
        }

        (DatasetIndex index, List<DamagedSourceException> damaged) = request.Target.IsRemote
            ? await UploadAsync(request, description, key, work, progress, cancellationToken).ConfigureAwait(false)
            : await WriteAsync(request, description, key, work, progress, cancellationToken).ConfigureAwait(false);
        RemoveWork(request, work);
        return Result(index, written: true, damaged, damaged.Count > 0 ? DamagedFileOf(work) : null);
    }

    private static async Task<(DatasetIndex, List<DamagedSourceException>)> WriteAsync(
        PackRequest request,
        DatasetDescription description,
        string key,
        string folder,
        IProgress<PackProgress>? progress,
        CancellationToken cancellationToken)
    {
        PackingOptions options = new() { ShardBytes = request.ShardBytes, Overwrite = request.Overwrite, ResumeKey = key };
        using DatasetWriter writer = DatasetWriter.Create(folder, description, options);
        List<DamagedSourceException> damaged =
            await AddAllAsync(writer, request, DamagedFileOf(folder), progress, () => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
        return (writer.Complete(DamageOf(damaged)), damaged);
    }

    private static async Task<(DatasetIndex, List<DamagedSourceException>)> UploadAsync(
        PackRequest request,
        DatasetDescription description,
        string key,
        string work,
        IProgress<PackProgress>? progress,
        CancellationToken cancellationToken)
    {
        Dictionary<string, BlobFacts> there = await ListAsync(request, cancellationToken).ConfigureAwait(false);
        string journal = Path.Combine(work, "uploads.jsonl");
        Dictionary<string, UploadedShard> uploaded = ShardUploads.Find(journal, key, there);
        PackingOptions options = new() { ShardBytes = request.ShardBytes, ResumeKey = key, IsKeptElsewhere = IsUploaded };
        using DatasetWriter writer = DatasetWriter.Create(Path.Combine(work, "shards"), description, options);
        ShardUploads uploads = ShardUploads.Open(request.Target, there, journal, key, uploaded.Values);
        await using (uploads.ConfigureAwait(false))
        {
            int sent = 0;
            List<DamagedSourceException> damaged =
                await AddAllAsync(writer, request, DamagedFileOf(work), progress, SendCompleteAsync, cancellationToken).ConfigureAwait(false);
            DatasetIndex index = writer.Seal(DamageOf(damaged));
            await SendCompleteAsync().ConfigureAwait(false);
            await uploads.CompleteAsync().ConfigureAwait(false);
            using var bytes = new MemoryStream(IndexJson.Serialize(index));
            await request.Target.WriteAsync(DatasetIndex.FileName, bytes, request.Overwrite, cancellationToken).ConfigureAwait(false);
            return (index, damaged);

            async Task SendCompleteAsync()
            {
                foreach (ShardEntry shard in writer.CompleteShards.Skip(sent).Where(shard => !IsUploaded(shard)))
                {
                    await uploads.AddAsync(shard, writer.PathOf(shard.Name), writer.PathOf(shard.Offsets.Name), cancellationToken).ConfigureAwait(false);
                }

                sent = writer.CompleteShards.Count;
            }
        }

        bool IsUploaded(ShardEntry shard) => uploaded.GetValueOrDefault(shard.Name)?.Sha256 == shard.Sha256;
    }

    /// <summary>
    /// Damaged sources of an interrupted pack are tried again: that costs little, and so nothing but complete shards has to be
    /// remembered.
    /// </summary>
    private static async Task<List<DamagedSourceException>> AddAllAsync(
        DatasetWriter writer,
        PackRequest request,
        string damagedFile,
        IProgress<PackProgress>? progress,
        Func<Task> afterEach,
        CancellationToken cancellationToken)
    {
        PackSource[] missing = [.. request.Sources.Sources.Where(source => !writer.Contains(source.Key))];
        int samples = request.Sources.Sources.Count;
        int limit = request.AcceptDamaged.Of(samples);
        var damaged = new List<DamagedSourceException>();
        var state = new PackProgress(writer.Start, samples, Kept: samples - missing.Length, Done: 0, Damaged: 0, Bytes: 0);
        progress?.Report(state);
        await afterEach().ConfigureAwait(false);
        await foreach ((PackSource source, EncodedSample? sample, DamagedSourceException? damage) in
            SamplePipeline.RunAsync(missing, request.Encoder, request.Threads, cancellationToken).ConfigureAwait(false))
        {
            if (sample is not null)
            {
                JsonObject metadata = new() { ["source"] = source.RelativePath };
                foreach ((string name, JsonNode? value) in sample.Facts)
                {
                    metadata[name] = value?.DeepClone();
                }

                writer.Add(source.Split, source.Key, sample.Video.Span, source.Label, metadata, sample.Extension);
                await afterEach().ConfigureAwait(false);
            }
            else
            {
                damaged.Add(damage!);
                if (damaged.Count > limit)
                {
                    throw limit == 0 ? damage! : new DamagedSourceException(damage!, damaged.Count, limit);
                }
            }

            state = state with { Done = state.Done + 1, Damaged = damaged.Count, Bytes = state.Bytes + (sample?.Video.Length ?? 0) };
            progress?.Report(state);
        }

        if (damaged.Count == samples)
        {
            throw new DamagedSourceException(damaged[^1].Damaged, $"all {samples} sources are damaged, the last one so: {damaged[^1].Problem}");
        }

        ListDamaged(damaged, damagedFile);
        return damaged;
    }

    /// <summary>The files at a remote target, which has to be empty, or hold what an interrupted upload left, or be replaced.</summary>
    private static async Task<Dictionary<string, BlobFacts>> ListAsync(PackRequest request, CancellationToken cancellationToken)
    {
        var there = new Dictionary<string, BlobFacts>(StringComparer.Ordinal);
        await foreach (BlobFacts facts in request.Target.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            there[facts.Name] = facts;
        }

        if (there.ContainsKey(DatasetIndex.FileName))
        {
            if (!request.Overwrite)
            {
                throw new DatasetWriteException(
                    request.Target.Uri.ToString(), "another data set is here", "Choose another container or prefix, or overwrite it (--overwrite)");
            }
        }
        else if (there.Keys.FirstOrDefault(name => !PackedNames.IsShardOrOffsets(name)) is { } foreign)
        {
            throw new DatasetWriteException(
                request.Target.Uri.ToString(), $"there are other files here ('{foreign}') and no data set", "Choose an empty container or prefix");
        }

        return there;
    }

    private static async Task<DatasetIndex?> FindCompleteAsync(
        IBlobStore target, DatasetDescription description, CancellationToken cancellationToken)
    {
        try
        {
            await target.GetFactsAsync(DatasetIndex.FileName, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException absent) when (absent.Failure == StoreFailure.NotFound)
        {
            return null;
        }

        (DatasetIndex index, _) = await DatasetVerifier.VerifyAsync(target, cancellationToken: cancellationToken).ConfigureAwait(false);
        var provenance = (JsonObject)index.Provenance.DeepClone();
        provenance.Remove(DamagedField);
        return description.Describes(index with { Provenance = provenance }) ? index : null;
    }

    private static DatasetDescription Describe(PackRequest request) => new()
    {
        Name = request.Name,
        Humans = request.Humans,
        Licence = request.Licence,
        Classes = request.Sources.Classes,
        Provenance = new JsonObject
        {
            ["tool"] = "ppma dataset pack",
            ["toolVersion"] = typeof(DatasetPacker).Assembly.GetName().Version?.ToString(3),
            ["encoding"] = request.Encoder.Provenance.DeepClone(),
            ["shardBytes"] = request.ShardBytes,
            ["sources"] = request.Sources.Sources.Count,
            ["sourcesSha256"] = request.Sources.Digest(),
        },
    };

    /// <summary>Differs as soon as a byte of the result may: then an interrupted pack is not gone on with.</summary>
    private static string KeyOf(PackRequest request, DatasetDescription description)
    {
        string[] parts =
        [
            FormattableString.Invariant($"pack {FormatVersion}"),
            description.Name,
            description.Humans.ToString(),
            description.Licence,
            .. description.Classes,
            description.Provenance.ToJsonString(),
            request.Sources.StampedDigest(),
            request.Target.Uri.ToString(),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
    }

    private static string WorkFolderOf(PackRequest request, string key) => request.Target.IsRemote
        ? Path.Combine(request.WorkFolder, key[..16])
        : Path.TrimEndingDirectorySeparator(request.Target.Uri.LocalPath);

    /// <summary>A local target is where the work was done; for a remote one only the folder of shards on their way is left.</summary>
    private static void RemoveWork(PackRequest request, string work)
    {
        if (request.Target.IsRemote && Directory.Exists(work))
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static JsonObject DamageOf(List<DamagedSourceException> damaged) => new() { [DamagedField] = damaged.Count };

    /// <summary>Beside the data set, not in it: what was left out is no part of it.</summary>
    private static string DamagedFileOf(string folder) => $"{folder}.damaged.jsonl";

    private static void ListDamaged(List<DamagedSourceException> damaged, string file)
    {
        if (damaged.Count == 0)
        {
            File.Delete(file);
            return;
        }

        IEnumerable<string> lines = damaged.Select(damage => new JsonObject
        {
            ["source"] = damage.Damaged.RelativePath,
            ["split"] = damage.Damaged.Split,
            ["key"] = damage.Damaged.Key,
            ["problem"] = damage.Problem,
        }.ToJsonString(LineJson));
        DurableFile.Write(file, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
    }

    private static PackResult Result(DatasetIndex index, bool written, IReadOnlyList<DamagedSourceException> damaged, string? damagedFile) =>
        new(index, Convert.ToHexStringLower(SHA256.HashData(IndexJson.Serialize(index))), written, damaged, damagedFile);
}
