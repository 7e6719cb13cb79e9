using Ppma.Datasets.Ranges;

namespace Ppma.Datasets.Tests.Ranges;

public class RangeBudgetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enter_Full_WaitsInTheOrderOfAsking()
    {
        var budget = new RangeBudget(1);
        await budget.EnterAsync(Cancellation);
        Task first = budget.EnterAsync(Cancellation).AsTask();
        Task second = budget.EnterAsync(Cancellation).AsTask();
        Assert.False(first.IsCompleted);

        budget.Leave();
        await first;
        Assert.False(second.IsCompleted);

        budget.Leave();
        await second;
        Assert.Equal(1, budget.InFlight);
    }

    [Fact]
    public async Task Enter_Cancelled_LeavesTheQueue()
    {
        var budget = new RangeBudget(1);
        await budget.EnterAsync(Cancellation);
        using var stop = new CancellationTokenSource();
        Task cancelled = budget.EnterAsync(stop.Token).AsTask();
        Task patient = budget.EnterAsync(Cancellation).AsTask();

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        budget.Leave();

        await patient;
        budget.Leave();
        Assert.Equal(0, budget.InFlight);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Budget_OfNothing_IsRefused(int ranges) => Assert.Throws<ArgumentOutOfRangeException>(() => new RangeBudget(ranges));
}
