using Microsoft.Extensions.Time.Testing;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Tests.Requests;

public sealed class TokenBucketTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Take_MoreThanTheBurst_WaitsItsTurnAtTheRate()
    {
        var bucket = new TokenBucket(perSecond: 2, burst: 3, _time);

        Task[] taking = Enumerable.Range(0, 5).Select(_ => bucket.TakeAsync(TestContext.Current.CancellationToken).AsTask()).ToArray();

        Assert.Equal([true, true, true, false, false], taking.Select(task => task.IsCompleted));
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await taking[3];
        Assert.False(taking[4].IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await taking[4];
    }

    [Fact]
    public void TryTake_AfterALongRest_GivesTheBurstAndNoMore()
    {
        var bucket = new TokenBucket(perSecond: 10, burst: 2, _time);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => bucket.TryTake()));
    }

    [Fact]
    public async Task Take_ThatIsGivenUp_LeavesItsPlaceToTheNext()
    {
        var bucket = new TokenBucket(perSecond: 1, burst: 1, _time);
        await bucket.TakeAsync(TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        Task givenUp = bucket.TakeAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);

        Task next = bucket.TakeAsync(TestContext.Current.CancellationToken).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));

        await next;
    }
}
