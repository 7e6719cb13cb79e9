using System.Runtime.ExceptionServices;

namespace Ppma.Video.Loading;

/// <summary>A batch that is being made.</summary>
internal sealed class PendingBatch
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FinishedPlace[] _places;
    private int _open;
    private ExceptionDispatchInfo? _fault;

    public PendingBatch(BatchPlan plan, BatchBuffer buffer)
    {
        Plan = plan;
        Buffer = buffer;
        _places = new FinishedPlace[plan.Places.Count];
        _open = plan.Places.Count;
    }

    public BatchPlan Plan { get; }

    public BatchBuffer Buffer { get; }

    /// <summary>What became of its places, once it is whole.</summary>
    public IReadOnlyList<FinishedPlace> Places => _places;

    public bool IsWhole => Volatile.Read(ref _open) == 0;

    /// <summary>True when this was the last place.</summary>
    public bool Finish(int place, FinishedPlace finished)
    {
        _places[place] = finished;
        if (Interlocked.Decrement(ref _open) > 0)
        {
            return false;
        }

        _ended.TrySetResult();
        return true;
    }

    /// <summary>It will never be whole. Batches before it will.</summary>
    public void Fail(Exception fault)
    {
        Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(fault), null);
        _ended.TrySetResult();
    }

    /// <summary>Ends when it is whole; the first fault leaves as it was thrown.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        _fault?.Throw();
    }
}
