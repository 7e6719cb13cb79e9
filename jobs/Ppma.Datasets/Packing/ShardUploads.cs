using System.Threading.Channels;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Packing;

/// <summary>
/// Uploads complete shards while others grow, and removes each from the disk when its upload is committed. A journal remembers
/// what was uploaded and as which version, so that an interrupted job sends nothing twice.
/// </summary>
internal sealed class ShardUploads : IAsyncDisposable
{
    private readonly IBlobStore _store;
    private readonly DurableJournal<UploadedShard> _journal;
    private readonly IReadOnlyDictionary<string, BlobFacts> _there;
    private readonly CancellationTokenSource _stop = new();

    /// <summary>One that waits, beside the one that is sent and the one that grows: the disk that is needed is bounded.</summary>
    private readonly Channel<(ShardEntry Shard, string Tar, string Offsets)> _waiting = Channel.CreateBounded<(ShardEntry, string, string)>(1);
    private readonly Task _sending;

    private ShardUploads(IBlobStore store, IReadOnlyDictionary<string, BlobFacts> there, DurableJournal<UploadedShard> journal)
    {
        _store = store;
        _there = there;
        _journal = journal;
        _sending = Task.Run(SendAsync);
    }

    /// <summary>The shards that an interrupted job uploaded and that are still there as they were uploaded, by name.</summary>
    /// <param name="journalPath">The journal's file.</param>
    /// <param name="key">Names exactly what is packed.</param>
    /// <param name="there">The files that are there.</param>
    public static Dictionary<string, UploadedShard> Find(string journalPath, string key, IReadOnlyDictionary<string, BlobFacts> there) =>
        (DurableJournal<UploadedShard>.Read(journalPath, key) ?? [])
            .Where(shard => IsThere(there, shard.Name, shard.ETag) && IsThere(there, shard.OffsetsName, shard.OffsetsETag))
            .DistinctBy(shard => shard.Name)
            .ToDictionary(shard => shard.Name, StringComparer.Ordinal);

    /// <param name="store">Where to.</param>
    /// <param name="there">The files that were there when the job began: left by an interrupted one, or to be overwritten.</param>
    /// <param name="journalPath">The journal's file.</param>
    /// <param name="key">Names exactly what is packed.</param>
    /// <param name="uploaded">What was found to be there.</param>
    public static ShardUploads Open(
        IBlobStore store, IReadOnlyDictionary<string, BlobFacts> there, string journalPath, string key, IEnumerable<UploadedShard> uploaded) =>
        new(store, there, DurableJournal<UploadedShard>.Begin(journalPath, key, uploaded));

    /// <summary>Has a shard sent, when its turn comes. Waits while others wait.</summary>
    /// <exception cref="IOException">Sending this or an earlier one failed.</exception>
    public async Task AddAsync(ShardEntry shard, string tarPath, string offsetsPath, CancellationToken cancellationToken)
    {
        try
        {
            await _waiting.Writer.WriteAsync((shard, tarPath, offsetsPath), cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            await _sending.ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits until all are sent.</summary>
    /// <exception cref="IOException">Sending failed.</exception>
    public async Task CompleteAsync()
    {
        _waiting.Writer.TryComplete();
        await _sending.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _journal.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        try
        {
            await foreach ((ShardEntry shard, string tarPath, string offsetsPath) in _waiting.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                string? eTag = await SendAsync(tarPath, shard.Name).ConfigureAwait(false);
                string? offsetsETag = await SendAsync(offsetsPath, shard.Offsets.Name).ConfigureAwait(false);
                _journal.Add(new UploadedShard(shard.Name, shard.Sha256, eTag, shard.Offsets.Name, offsetsETag));
                File.Delete(tarPath);
            }
        }
        finally
        {
            _waiting.Writer.TryComplete();
        }
    }

    /// <summary>A name that was not there at the start may not be there now: another job would be writing to the same place.</summary>
    private async Task<string?> SendAsync(string path, string name)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using (file.ConfigureAwait(false))
        {
            await _store.WriteAsync(name, file, overwrite: _there.ContainsKey(name), _stop.Token).ConfigureAwait(false);
            BlobFacts sent = await _store.GetFactsAsync(name, _stop.Token).ConfigureAwait(false);
            return sent.Length == file.Length
                ? sent.ETag
                : throw new DatasetWriteException(
                    _store.Locate(name),
                    FormattableString.Invariant($"{file.Length} bytes were sent, but {sent.Length} are there"),
                    "Let no other job write there, and run again");
        }
    }

    private static bool IsThere(IReadOnlyDictionary<string, BlobFacts> there, string name, string? eTag) =>
        there.TryGetValue(name, out BlobFacts? facts) && facts.ETag == eTag;
}
