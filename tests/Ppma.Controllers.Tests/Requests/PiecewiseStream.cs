namespace Ppma.Controllers.Tests.Requests;

/// <summary>A body that comes in the given pieces, one a read, and then ends, well or not.</summary>
internal sealed class PiecewiseStream(IEnumerable<byte[]> pieces, Exception? end = null) : MemoryStream
{
    private readonly Queue<byte[]> _pieces = new(pieces);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_pieces.TryDequeue(out byte[]? piece))
        {
            return end is null ? ValueTask.FromResult(0) : ValueTask.FromException<int>(end);
        }

        piece.CopyTo(buffer);
        return ValueTask.FromResult(piece.Length);
    }
}
