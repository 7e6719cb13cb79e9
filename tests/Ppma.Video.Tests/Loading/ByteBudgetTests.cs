using CsCheck;
using Ppma.Datasets.Metrics;
using Ppma.Video.Loading;
using Prometheus;

namespace Ppma.Video.Tests.Loading;

public sealed class ByteBudgetTests
{
    private readonly Gauge _inFlight = new StreamMetrics().BytesInFlight;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TakeAsync_WhileThereIsEnough_GivesAtOnceAndCounts()
    {
        var budget = new ByteBudget(10, _inFlight);

        ByteLease first = await budget.TakeAsync(6, Token);
        using ByteLease second = await budget.TakeAsync(4, Token);
        first.Dispose();
        first.Dispose();

        Assert.Equal(4, budget.HeldBytes);
        Assert.Equal(4, _inFlight.Value);
    }

    [Fact]
    public async Task TakeAsync_ALittleBehindALot_WaitsItsTurn()
    {
        var budget = new ByteBudget(10, _inFlight);
        ByteLease held = await budget.TakeAsync(5, Token);
        Task<ByteLease> large = budget.TakeAsync(8, Token).AsTask(), small = budget.TakeAsync(1, Token).AsTask();
        Assert.False(large.IsCompleted || small.IsCompleted);

        held.Dispose();

        await large;
        await small;
        Assert.Equal(9, budget.HeldBytes);
    }

    [Fact]
    public async Task TakeAsync_MoreThanThereIs_GoesAlone()
    {
        var budget = new ByteBudget(10, _inFlight);
        ByteLease held = await budget.TakeAsync(1, Token);
        Task<ByteLease> whole = budget.TakeAsync(25, Token).AsTask(), next = budget.TakeAsync(0, Token).AsTask();
        Assert.False(whole.IsCompleted);

        held.Dispose();

        ByteLease alone = await whole;
        Assert.False(next.IsCompleted);
        alone.Dispose();
        await next;
    }

    [Fact]
    public async Task TakeAsync_CancelledWhileWaiting_LetsTheNextOnePass()
    {
        var budget = new ByteBudget(10, _inFlight);
        using ByteLease held = await budget.TakeAsync(5, Token);
        using var leaving = new CancellationTokenSource();
        Task<ByteLease> large = budget.TakeAsync(8, leaving.Token).AsTask(), small = budget.TakeAsync(5, Token).AsTask();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        await small;
        Assert.Equal(10, budget.HeldBytes);
    }

    [Fact]
    public async Task TakeAsync_AlreadyCancelled_TakesNothing()
    {
        var budget = new ByteBudget(10, _inFlight);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => budget.TakeAsync(1, new CancellationToken(canceled: true)).AsTask());

        Assert.Equal(0, budget.HeldBytes);
    }

    /// <summary>Any takes, returns and cancellations on several threads: never over the limit, nobody forgotten, nothing left.</summary>
    [Fact]
    public void TakeAsync_ManyAtOnce_KeepsTheLimitAndServesEveryone()
    {
        // From 1 byte on: who holds nothing does not keep a large one from going alone.
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 50].Array[1, 60], Gen.Int[1, 8]).Sample(
            (limit, sizes, threads) =>
            {
                var budget = new ByteBudget(limit, _inFlight);
                int over = 0, served = 0;
                Task.WaitAll(Enumerable.Range(0, threads).Select(thread => Task.Run(async () =>
                {
                    for (int i = thread; i < sizes.Length; i += threads)
                    {
                        using var leaving = new CancellationTokenSource();
                        ValueTask<ByteLease> taking = budget.TakeAsync(sizes[i], leaving.Token);
                        if (sizes[i] % 7 == 3)
                        {
                            await leaving.CancelAsync();
                        }

                        try
                        {
                            using ByteLease lease = await taking;
                            long held = budget.HeldBytes;
                            if (held > Math.Max(limit, sizes[i]))
                            {
                                Interlocked.Increment(ref over);
                            }

                            await Task.Yield();
                        }
                        catch (OperationCanceledException)
                        {
                        }

                        Interlocked.Increment(ref served);
                    }
                })).ToArray());
                return over == 0 && served == sizes.Length && budget.HeldBytes == 0;
            },
            iter: 500);
        Assert.Equal(0, _inFlight.Value);
    }
}
