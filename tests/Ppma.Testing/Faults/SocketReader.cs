using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Ppma.Testing.Faults;

/// <summary>One side of a connection, read through a buffer: heads, and bodies piece by piece.</summary>
internal sealed class SocketReader(Socket socket) : IDisposable
{
    private const int BufferBytes = 1 << 17;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;

    public Socket Socket => socket;

    /// <summary>The next message's head, or null when the other side closed the connection in order before it.</summary>
    public async ValueTask<HttpHead?> ReadHeadAsync(CancellationToken cancellationToken)
    {
        int searched = 0;
        while (true)
        {
            int found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf("\r\n\r\n"u8);
            if (found >= 0)
            {
                int length = searched + found + 4;
                var head = new HttpHead(_buffer.AsSpan(_start, length));
                _start += length;
                return head;
            }

            searched = Math.Max(0, _end - _start - 3);
            if (!await FillAsync(cancellationToken))
            {
                return _start == _end ? null : throw new IOException("The connection ended inside a message's head.");
            }
        }
    }

    /// <summary>At most <paramref name="most"/> of the next bytes, valid until the next call. The body must not end before.</summary>
    public async ValueTask<Memory<byte>> ReadPieceAsync(long most, CancellationToken cancellationToken)
    {
        if (_start == _end && !await FillAsync(cancellationToken))
        {
            throw new IOException("The connection ended inside a message's body.");
        }

        int length = (int)Math.Min(most, _end - _start);
        Memory<byte> piece = _buffer.AsMemory(_start, length);
        _start += length;
        return piece;
    }

    /// <summary>Passes a chunked body on as it is, up to its end.</summary>
    public async ValueTask CopyChunkedAsync(Socket to, CancellationToken cancellationToken)
    {
        while (true)
        {
            string size = await PassLineAsync(to, cancellationToken);
            long left = long.Parse(size.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (left == 0)
            {
                break;
            }

            await CopyAsync(to, left + 2, cancellationToken);
        }

        while ((await PassLineAsync(to, cancellationToken)).Length > 0)
        {
            // A trailer.
        }
    }

    public async ValueTask CopyAsync(Socket to, long bytes, CancellationToken cancellationToken)
    {
        while (bytes > 0)
        {
            Memory<byte> piece = await ReadPieceAsync(bytes, cancellationToken);
            await to.SendAsync(piece, cancellationToken);
            bytes -= piece.Length;
        }
    }

    public void Dispose() => socket.Dispose();

    private async ValueTask<string> PassLineAsync(Socket to, CancellationToken cancellationToken)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
        {
            if (!await FillAsync(cancellationToken))
            {
                throw new IOException("The connection ended inside a chunked body.");
            }
        }

        Memory<byte> line = _buffer.AsMemory(_start, length + 2);
        _start += length + 2;
        await to.SendAsync(line, cancellationToken);
        return Encoding.Latin1.GetString(line.Span[..length]);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            throw new IOException($"A message's head or line is longer than {_buffer.Length} bytes.");
        }

        int received = await socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += received;
        return received > 0;
    }
}
