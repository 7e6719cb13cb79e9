using System.Buffers;

namespace Ppma.Controllers.Requests;

/// <summary>A body that is read piece by piece: what was read and not yet consumed lies in one stretch of memory.</summary>
internal sealed class BodyReader(Stream body) : IDisposable
{
    private const int InitialBytes = 64 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
    private int _start;
    private int _end;

    /// <summary>Nothing more comes.</summary>
    public bool Ended { get; private set; }

    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Reads more of the body, or finds that it has ended.</summary>
    public async ValueTask ReadMoreAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        int count = await body.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count;
        Ended = count == 0;
    }

    public void Consume(int bytes) => _start += bytes;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void MakeRoom()
    {
        if (_start > 0)
        {
            Unread.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            Unread.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
