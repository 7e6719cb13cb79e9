namespace Ppma.Datasets.Tests.Ranges;

/// <summary>The body of an answer that may go wrong. Gives a few bytes a read, as a network does.</summary>
internal sealed class ScriptedBody(ReadOnlyMemory<byte> content, Answer answer) : Stream
{
    private const int LargestRead = 60_000;

    private int _given;
    private bool _wentWrong;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int limit = content.Length;
        if (answer.Until is { } until && !_wentWrong)
        {
            limit = (int)Math.Min(until, limit);
            if (_given == limit)
            {
                if (answer.Then is null)
                {
                    return 0;
                }

                await answer.Then(cancellationToken);
                _wentWrong = true;
                limit = content.Length;
            }
        }

        int bytes = Math.Min(Math.Min(buffer.Length, LargestRead), limit - _given);
        content.Slice(_given, bytes).CopyTo(buffer);
        _given += bytes;
        return bytes;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
