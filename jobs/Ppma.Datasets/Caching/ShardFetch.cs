using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Ppma.Datasets.Metrics;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Caching;

/// <summary>
/// Brings one shard into the folder, on a thread of its own: checks the file that is there, or makes room, has the store fill a file,
/// and hashes it meanwhile. The bytes are read back from the page cache for that, so they can come in any order.
/// </summary>
/// <param name="shard">Which one.</param>
/// <param name="folder">Where it goes.</param>
/// <param name="options">How long is waited for others, and what counts.</param>
/// <param name="limitBytes">What the folder may take.</param>
/// <param name="order">What may go to make room for it.</param>
/// <param name="roomPatience">How long readers wait for room.</param>
/// <param name="settled">Called when it has its room or waits for others: the next fetch may ask for room.</param>
internal sealed class ShardFetch(
    LocalShard shard, CacheFolder folder, ShardCacheOptions options, long limitBytes, Func<EvictionOrder> order, TimeSpan roomPatience, Action settled)
{
    /// <summary>How much has to have come before the hashing thread is woken.</summary>
    private const int AwaitedBytes = 1 << 20;

    /// <summary>
    /// Bytes that are hashed at once: few enough to stay in the core's cache and off the large-object heap. Not from the shared pool,
    /// which keeps what a thread gave back for that thread; these threads end with their shard.
    /// </summary>
    private const int HashedBytes = 64 << 10;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly CacheKey _key = shard.Key;
    private readonly StreamMetrics _metrics = options.Metrics;

    /// <summary>Returns when the shard is whole, or when there is no room for it.</summary>
    /// <returns>Whether it is whole.</returns>
    /// <exception cref="Stores.StoreException">The store does not give it.</exception>
    /// <exception cref="DatasetFormatException">The bytes have the wrong hash, though they were fetched twice.</exception>
    /// <exception cref="ShardCacheException">The disk is full.</exception>
    public bool Run(CancellationToken cancellationToken)
    {
        bool wasDiskFull = false;
        long? lackingSince = null;
        var peer = new PeerWatch(options.PeerPatience);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (folder.TryOpen(_key) is { } left)
            {
                settled();
                if (TryTake(left, cancellationToken))
                {
                    return true;
                }

                continue;
            }

            Reservation reservation = folder.TryReserve(_key, limitBytes, order(), peer.HasStalled, cancellationToken);
            switch (reservation.Outcome)
            {
                case ReservationOutcome.Room:
                    settled();
                    try
                    {
                        Download(reservation.File!, reservation.Path!, cancellationToken);
                        return true;
                    }
                    catch (IOException problem) when (DurableFile.IsDiskFull(problem))
                    {
                        if (wasDiskFull)
                        {
                            throw folder.DiskFull(_key.Bytes, limitBytes, problem);
                        }

                        wasDiskFull = true;
                    }

                    break;

                case ReservationOutcome.Peer:
                    // The copy of a task beside this one is worth waiting for: tasks of one benchmark read the same shards.
                    settled();
                    peer.Look(reservation.Path!);
                    cancellationToken.WaitHandle.WaitOne(Poll);
                    break;

                case ReservationOutcome.NoRoom:
                    lackingSince ??= Stopwatch.GetTimestamp();
                    if (!shard.HasWaiters || Stopwatch.GetElapsedTime(lackingSince.Value) >= roomPatience)
                    {
                        shard.PassBy();
                        return false;
                    }

                    settled();
                    cancellationToken.WaitHandle.WaitOne(Poll);
                    break;
            }
        }
    }

    /// <summary>Checks a file that an earlier process left, or another one published.</summary>
    private bool TryTake(SafeFileHandle left, CancellationToken cancellationToken)
    {
        shard.Begin(left).Add(0, _key.Bytes);
        try
        {
            if (_key.Sha256 is { } recorded ? HashLeft(left, cancellationToken) == recorded : !shard.IsDoubted)
            {
                shard.Complete();
                return true;
            }
        }
        catch (IOException)
        {
            // The disk cannot read it: as good as wrong.
        }

        _metrics.HashFailures.Inc();
        _metrics.Retries(RetryReason.Hash).Inc();
        shard.Abandon();
        folder.Remove(_key);
        return false;
    }

    private string HashLeft(SafeFileHandle left, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[HashedBytes];
        for (long done = 0; done < _key.Bytes;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int read = RandomAccess.Read(left, buffer, done);
            if (read == 0)
            {
                break;
            }

            hash.AppendData(buffer.AsSpan(0, read));
            done += read;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void Download(SafeFileHandle file, string path, CancellationToken cancellationToken)
    {
        ArrivingFile arriving = shard.Begin(file);
        bool isPublished = false;
        try
        {
            string found = Fill(arriving, cancellationToken);
            if (_key.Sha256 is { } recorded && found != recorded)
            {
                _metrics.HashFailures.Inc();
                _metrics.Retries(RetryReason.Hash).Inc();
                shard.Doubt();
                arriving.Restart();
                found = Fill(arriving, cancellationToken);
                if (found != recorded)
                {
                    _metrics.HashFailures.Inc();
                    throw new DatasetFormatException(
                        DatasetFault.HashMismatch,
                        shard.Store.Locate(shard.Blob),
                        $"the shard's SHA-256 is {found}, but the index says {recorded}; it was fetched twice",
                        "The shard was changed or damaged in its store: copy it again from its source");
                }
            }

            folder.Publish(_key, file, path, options.TimeProvider.GetUtcNow().UtcDateTime, cancellationToken);
            isPublished = true;
            shard.Complete();
        }
        finally
        {
            if (!isPublished)
            {
                folder.Discard(path);
                shard.Abandon();
            }
        }
    }

    /// <summary>Has the store fill the file.</summary>
    /// <returns>The SHA-256 of the file.</returns>
    private string Fill(ArrivingFile file, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task copying = Task.Run(() => CopyAsync(file, stopping.Token), CancellationToken.None);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[HashedBytes];
            long done = 0, there;
            while (done < _key.Bytes && (there = file.AwaitPrefix(Math.Min(done + AwaitedBytes, _key.Bytes))) > done)
            {
                while (done < there)
                {
                    int read = RandomAccess.Read(file.Handle, buffer.AsSpan(0, (int)Math.Min(HashedBytes, there - done)), done);
                    if (read == 0)
                    {
                        throw new EndOfStreamException($"the file of shard '{shard.Blob}' ends at byte {done}, although {there} were written");
                    }

                    hash.AppendData(buffer.AsSpan(0, read));
                    done += read;
                }
            }

            copying.GetAwaiter().GetResult();
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            // Nothing may write any more into the file.
            stopping.Cancel();
            copying.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Wait(CancellationToken.None);
        }
    }

    private async Task CopyAsync(ArrivingFile file, CancellationToken cancellationToken)
    {
        try
        {
            await shard.Store.CopyAsync(shard.Blob, 0, _key.Bytes, file, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            file.End();
        }
    }
}
