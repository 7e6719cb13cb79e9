using System.IO.Hashing;
using System.Security.Cryptography;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;

namespace Ppma.Datasets.Scanning;

/// <summary>Reads a shard once from begin to end and takes all its hashes. Holds two windows of it in memory.</summary>
internal static class ShardHasher
{
    private const int WindowBytes = 8 << 20;

    /// <param name="store">Where the shard lies.</param>
    /// <param name="name">Its name.</param>
    /// <param name="length">Its size.</param>
    /// <param name="videos">Where its videos lie, ascending and not overlapping.</param>
    /// <param name="algorithms">Further hashes of the whole file (<see cref="NamedHash"/>); those that are not known are passed over.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<ShardHashes> HashAsync(
        IBlobStore store,
        string name,
        long length,
        IReadOnlyList<(long Offset, int Length)> videos,
        IEnumerable<string> algorithms,
        CancellationToken cancellationToken)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        NamedHash[] others = [.. algorithms.Select(NamedHash.TryCreate).OfType<NamedHash>()];
        var samples = new SampleHashes(videos);
        int windowBytes = (int)Math.Min(WindowBytes, length);
        using var first = new PooledBytes(windowBytes);
        using var second = new PooledBytes(windowBytes);
        Memory<byte> window = first.Memory, next = second.Memory;
        try
        {
            await ReadAsync(0, window).ConfigureAwait(false);
            for (long position = 0; position < length; position += windowBytes)
            {
                // One window is hashed while the next arrives.
                Task reading = ReadAsync(position + windowBytes, next);
                ReadOnlyMemory<byte> whole = window[..(int)Math.Min(windowBytes, length - position)];
                sha256.AppendData(whole.Span);
                samples.Append(position, whole.Span);
                foreach (NamedHash other in others)
                {
                    other.Append(whole.Span);
                }

                await reading.ConfigureAwait(false);
                (window, next) = (next, window);
            }

            return new ShardHashes(
                Convert.ToHexStringLower(sha256.GetHashAndReset()), samples.Values, others.ToDictionary(other => other.Name, other => other.Finish()));
        }
        finally
        {
            foreach (NamedHash other in others)
            {
                other.Dispose();
            }
        }

        Task ReadAsync(long offset, Memory<byte> buffer) => offset >= length
            ? Task.CompletedTask
            : store.ReadAsync(name, offset, buffer[..(int)Math.Min(windowBytes, length - offset)], cancellationToken).AsTask();
    }

    /// <summary>XXH3 of the videos as the bytes of the shard go by.</summary>
    private sealed class SampleHashes(IReadOnlyList<(long Offset, int Length)> videos)
    {
        private readonly XxHash3 _hash = new();
        private int _current;

        public ulong[] Values { get; } = new ulong[videos.Count];

        public void Append(long position, ReadOnlySpan<byte> bytes)
        {
            long end = position + bytes.Length;
            while (_current < videos.Count && videos[_current].Offset < end)
            {
                (long offset, int length) = videos[_current];
                int from = (int)(Math.Max(offset, position) - position);
                int to = (int)(Math.Min(offset + length, end) - position);
                _hash.Append(bytes[from..to]);
                if (offset + length > end)
                {
                    return;
                }

                Values[_current++] = _hash.GetCurrentHashAsUInt64();
                _hash.Reset();
            }
        }
    }
}
