namespace Ppma.Datasets.Ranges;

/// <summary>One answer: the bytes from the asked offset on, as they arrive.</summary>
internal sealed class RangeBody(Stream content, string eTag, long totalLength, IDisposable? answer = null) : IAsyncDisposable
{
    /// <summary>The bytes. May end early, or hold more than was asked for.</summary>
    public Stream Content { get; } = content;

    /// <summary>The version that answered.</summary>
    public string ETag { get; } = eTag;

    /// <summary>Bytes of the whole blob.</summary>
    public long TotalLength { get; } = totalLength;

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        answer?.Dispose();
    }
}
