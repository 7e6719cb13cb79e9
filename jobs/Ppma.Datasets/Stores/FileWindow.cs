namespace Ppma.Datasets.Stores;

/// <summary>
/// Reads small pieces of one file, from its begin towards its end, with few requests: a piece is taken from a window that was read
/// at once. Windows grow while pieces lie close together and shrink to the smallest after a jump, so small members are read
/// through and large ones jumped over. Not thread-safe.
/// </summary>
internal sealed class FileWindow(IBlobStore store, BlobFacts file)
{
    public const int SmallestBytes = 64 << 10;
    public const int LargestBytes = 2 << 20;

    private byte[] _buffer = [];
    private long _start;
    private int _filled;
    private int _windowBytes = SmallestBytes;

    public string Name => file.Name;

    /// <summary>How messages name the file.</summary>
    public string Location => store.Locate(file.Name);

    public long Length => file.Length;

    /// <summary>Bytes read from the store so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The bytes from <paramref name="offset"/> on; valid until the next call.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(long offset, int count, CancellationToken cancellationToken)
    {
        if (offset < _start || offset + count > _start + _filled)
        {
            await MoveAsync(offset, count, cancellationToken).ConfigureAwait(false);
        }

        return _buffer.AsMemory((int)(offset - _start), count);
    }

    private async ValueTask MoveAsync(long offset, int count, CancellationToken cancellationToken)
    {
        bool isNear = offset >= _start && offset - (_start + _filled) < _windowBytes && _filled > 0;
        _windowBytes = isNear ? Math.Min(_windowBytes * 2, LargestBytes) : SmallestBytes;
        int bytes = (int)Math.Max(count, Math.Min(_windowBytes, file.Length - offset));
        if (_buffer.Length < bytes)
        {
            _buffer = new byte[bytes];
        }

        // Nothing is kept if the read fails half-way.
        _filled = 0;
        await store.ReadAsync(file.Name, offset, _buffer.AsMemory(0, bytes), cancellationToken).ConfigureAwait(false);
        (_start, _filled) = (offset, bytes);
        BytesRead += bytes;
    }
}
