using Microsoft.Extensions.Time.Testing;
using Ppma.Controllers.Queueing;

namespace Ppma.Controllers.Tests.Queueing;

public sealed class WorkQueueTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new WorkQueue<string>(
        new RetryDelay(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5), spread: 0, () => 0),
        new WorkQueueMetrics(Prometheus.Metrics.NewCustomRegistry(), "test"),
        _time);

    [Fact]
    public async Task Add_OfAKeyThatWaits_IsOneTurn()
    {
        _queue.Add("a");
        _queue.Add("b");
        _queue.Add("a");

        Assert.Equal(["a", "b"], await TakeAll());
    }

    [Fact]
    public async Task Add_OfAKeyDuringItsTurn_IsAnotherTurnAfterIt()
    {
        _queue.Add("a");
        Assert.Equal("a", await Take());

        _queue.Add("a");
        Assert.Null(await Take());
        _queue.Done("a");

        Assert.Equal("a", await Take());
    }

    [Fact]
    public async Task Add_DuringATurn_QueuesUpBehindWhoWaitsAlready()
    {
        _queue.Add("greedy");
        _queue.Add("modest");
        await Take();
        _queue.Add("greedy");
        _queue.Done("greedy");

        Assert.Equal(["modest", "greedy"], await TakeAll());
    }

    [Fact]
    public async Task AddAfter_SeveralTimes_IsOneTurnAtTheEarliest()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.AddAfter("a", TimeSpan.FromSeconds(5));
        _queue.AddAfter("a", TimeSpan.FromSeconds(20));

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Null(await Take());
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("a", await Take());
        _queue.Done("a");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await Take());
    }

    [Fact]
    public async Task AddAfter_BeforeATurnThatComesEarlier_IsSettledByIt()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.Add("a");
        await Take();
        _queue.Done("a");

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await Take());
    }

    [Fact]
    public async Task AddAfter_DuringATurn_IsKept()
    {
        _queue.Add("a");
        await Take();
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.Done("a");

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("a", await Take());
    }

    [Fact]
    public void Retry_AgainAndAgain_DoublesTo5MinutesAndNeverEnds()
    {
        var delays = Enumerable.Range(0, 100).Select(_ => _queue.Retry("a")).ToList();

        Assert.Equal([0.1, 0.2, 0.4, 0.8], delays.Take(4).Select(delay => delay.TotalSeconds));
        Assert.All(delays.Skip(12), delay => Assert.Equal(TimeSpan.FromMinutes(5), delay));
    }

    [Fact]
    public void Retry_AfterForget_BeginsAnew()
    {
        _queue.Retry("a");
        _queue.Retry("a");
        _queue.Forget("a");

        Assert.Equal(TimeSpan.FromMilliseconds(100), _queue.Retry("a"));
    }

    [Theory]
    [InlineData(0.0, 80)]
    [InlineData(0.5, 100)]
    [InlineData(1.0, 120)]
    public void Delay_OfAnyDraw_IsSpreadBy20Percent(double drawn, double milliseconds)
    {
        var delay = new RetryDelay(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5), spread: 0.2, () => drawn);

        Assert.Equal(milliseconds, delay.After(0).TotalMilliseconds, tolerance: 1e-9);
    }

    [Fact]
    public async Task Take_OfAnEmptyQueue_WaitsForAKey()
    {
        var taken = _queue.TakeAsync(TestContext.Current.CancellationToken);
        Assert.False(taken.IsCompleted);

        _queue.Add("a");

        Assert.Equal("a", await taken);
    }

    [Fact]
    public async Task Close_OfAQueue_LetsTurnsEndAndGivesNoMore()
    {
        _queue.Add("a");
        _queue.Add("b");
        _queue.AddAfter("c", TimeSpan.FromSeconds(1));
        await Take();
        _queue.Add("a");

        _queue.Close();
        _queue.Done("a");
        _queue.Add("d");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await Take());
    }

    public void Dispose() => _queue.Dispose();

    /// <summary>The key whose turn it is, or null.</summary>
    private async Task<string?> Take()
    {
        using var impatience = new CancellationTokenSource();
        var taken = _queue.TakeAsync(impatience.Token).AsTask();
        if (!taken.IsCompleted)
        {
            await impatience.CancelAsync();
        }

        try
        {
            return await taken;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<List<string>> TakeAll()
    {
        var all = new List<string>();
        while (await Take() is { } key)
        {
            _queue.Done(key);
            all.Add(key);
        }

        return all;
    }
}
