namespace Ppma.Video.Loading;

/// <summary>Bytes taken from a budget, until it is disposed.</summary>
internal sealed class ByteLease(ByteBudget budget, long bytes) : IDisposable
{
    private ByteBudget? _budget = budget;

    public void Dispose() => Interlocked.Exchange(ref _budget, null)?.GiveBack(bytes);
}
