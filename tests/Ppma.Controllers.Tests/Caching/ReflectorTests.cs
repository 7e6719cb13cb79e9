using System.Net;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Requests;
using Prometheus;
using static Ppma.Controllers.Tests.Caching.Things;

namespace Ppma.Controllers.Tests.Caching;

/// <summary>Every way in which lists and watches fail, on virtual time. The draw is 0.5: a watch lasts 450 s, a wait is not spread.</summary>
public sealed class ReflectorTests : IAsyncDisposable
{
    private static readonly TimeSpan WatchTimeout = TimeSpan.FromSeconds(450);
    private static readonly TimeSpan Patience = WatchTimeout + TimeSpan.FromSeconds(60);
    private static readonly ApiException Gone = new(HttpStatusCode.Gone, "Expired", "too old resource version: 1 (9)");
    private static readonly ApiException NoAnswer = new(null, "", "connection refused");

    private readonly ObservedTime _time = new();
    private readonly ScriptedListWatch _server = new();
    private readonly ResourceCache<V1ConfigMap> _cache = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly Reflector<V1ConfigMap> _reflector;
    private Task _running = Task.CompletedTask;

    public ReflectorTests() => _reflector = new Reflector<V1ConfigMap>(
        "Thing", _server, _cache, new ReflectorOptions(), new ReflectorMetrics(_registry, "Thing"), _time, () => 0.5, NullLogger.Instance);

    [Fact]
    public async Task Start_OfAReflector_ListsTheServersCacheAndWatchesFromThere()
    {
        var watch = await StartAsync(7, Thing("a", 3));

        Assert.Equal(["0"], _server.Listed);
        Assert.Equal(("7", WatchTimeout), (watch.From, watch.Timeout));
        Assert.Equal("3", _cache.VersionOf("a"));
        Assert.True(_reflector.Synced.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Watch_ThatEndsInItsTime_GoesOnAtOnceFromItsLastBookmark()
    {
        var watch = await StartAsync(7);
        watch.Added(Thing("a", 8));
        watch.Bookmark(20);
        watch.End();

        Assert.Equal("20", (await _server.NextWatchAsync()).From);
        Assert.Equal("8", _cache.VersionOf("a"));
        Assert.Single(_server.Listed);
    }

    [Fact]
    public async Task Watch_WhoseHistoryIsGone_ListsAgainThroughAQuorum()
    {
        var watch = await StartAsync(7, Thing("a", 3), Thing("b", 4));
        _server.AnswerList(30, Thing("b", 25));
        watch.Fail(Gone);

        Assert.Equal("30", (await _server.NextWatchAsync()).From);
        Assert.Equal(["0", ""], _server.Listed);
        Assert.Equal((null, "25"), (_cache.VersionOf("a"), _cache.VersionOf("b")));
    }

    [Fact]
    public async Task Watch_RefusedSinceHistoryIsGone_ListsAgainThroughAQuorum()
    {
        var watch = await StartAsync(7);
        _server.RefuseWatch(Gone);
        _server.AnswerList(30);
        watch.Bookmark(8);
        watch.End();

        Assert.Equal("30", (await _server.NextWatchAsync()).From);
        Assert.Equal(["0", ""], _server.Listed);
    }

    [Fact]
    public async Task History_ThatIsGoneAgainAndAgain_IsListedWithPauses()
    {
        var watch = await StartAsync(7);
        _server.AnswerList(30);
        watch.Fail(Gone);
        watch = await _server.NextWatchAsync();
        _server.AnswerList(31);
        watch.Fail(Gone);

        var pause = await WaitedAsync();

        Assert.Equal(TimeSpan.FromMilliseconds(800), pause);
        Assert.Equal("31", (await _server.NextWatchAsync()).From);
    }

    [Fact]
    public async Task Watch_ThatFallsSilent_IsCutAndBegunAgainFromWhereItWas()
    {
        var watch = await StartAsync(7);
        watch.Added(Thing("a", 8));
        await HappenedAsync(() => _cache.VersionOf("a") == "8");

        _time.Advance(Patience);
        await WaitedAsync();

        Assert.Equal("8", (await _server.NextWatchAsync()).From);
        Assert.Equal(1, Counted("reflector_failures_total", "silent"));
    }

    [Fact]
    public async Task Watch_ThatSpeaksNowAndThen_IsLeftAlone()
    {
        var watch = await StartAsync(7);

        for (ulong version = 8; version < 12; version++)
        {
            _time.Advance(Patience - TimeSpan.FromSeconds(1));
            watch.Added(Thing($"thing-{version}", version));
            await HappenedAsync(() => _cache.Position == At(version));
        }

        Assert.Equal(1, Counted("reflector_watches_total"));
    }

    [Fact]
    public async Task Watch_WhoseBookmarksStayAway_IsCutEarlier()
    {
        var watch = await StartAsync(7);
        watch.Bookmark(8);
        await HappenedAsync(() => _cache.Position == At(8));

        _time.Advance(TimeSpan.FromMinutes(3));
        await WaitedAsync();

        Assert.Equal("8", (await _server.NextWatchAsync()).From);
    }

    [Fact]
    public async Task List_ThatStandsStill_IsCutAndBegunAgain()
    {
        _server.StallList(Thing("a", 3));
        _running = _reflector.RunAsync(_stop.Token);
        await HappenedAsync(() => _server.Listed.Count == 1);

        _time.Advance(TimeSpan.FromMinutes(1));
        _server.AnswerList(7, Thing("b", 4));
        await WaitedAsync();

        Assert.Equal("7", (await _server.NextWatchAsync()).From);
        Assert.Null(_cache.VersionOf("a"));
    }

    [Fact]
    public async Task Server_ThatIsNotThere_IsAskedEverMoreSeldomUntilItIs()
    {
        for (int i = 0; i < 8; i++)
        {
            _server.RefuseList(NoAnswer);
        }

        _server.AnswerList(7);
        _running = _reflector.RunAsync(_stop.Token);
        var waits = new List<double>();
        for (int i = 0; i < 8; i++)
        {
            waits.Add((await WaitedAsync()).TotalSeconds);
        }

        await _server.NextWatchAsync();

        Assert.Equal([0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30], waits);
    }

    [Fact]
    public async Task Failure_AfterAWatchThatSpoke_IsTheFirst()
    {
        var watch = await StartAsync(7);
        for (ulong version = 8; version < 11; version++)
        {
            watch.Bookmark(version);
            watch.Fail(NoAnswer);
            Assert.Equal(TimeSpan.FromMilliseconds(800), await WaitedAsync());
            watch = await _server.NextWatchAsync();
            Assert.Equal(version.ToString(), watch.From);
        }
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task Server_ThatAsksForAPause_GetsIt(HttpStatusCode code)
    {
        _server.RefuseList(new ApiException(code, "", "storage is (re)initializing") { RetryAfter = TimeSpan.FromSeconds(17) });
        _server.AnswerList(7);
        _running = _reflector.RunAsync(_stop.Token);

        Assert.Equal(TimeSpan.FromSeconds(17), await WaitedAsync());
        await _server.NextWatchAsync();
    }

    [Fact]
    public async Task Kind_WhoseDefinitionIsNotThereYet_IsWaitedForAndSaysSo()
    {
        _server.RefuseList(new ApiException(HttpStatusCode.NotFound, "NotFound", "the server could not find the requested resource"));
        _running = _reflector.RunAsync(_stop.Token);
        var wait = await _time.NextWaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(
            "Thing: not listed yet: the server could not find the requested resource (is its CustomResourceDefinition installed?)",
            _reflector.Problem);

        _server.AnswerList(7);
        _time.Advance(wait);
        await _server.NextWatchAsync();
        Assert.Null(_reflector.Problem);
    }

    [Fact]
    public async Task Watch_ThatEndsAtOnceWithoutAWord_IsNotBegunAgainAtOnce()
    {
        var watch = await StartAsync(7);
        watch.End();

        Assert.Equal(TimeSpan.FromMilliseconds(800), await WaitedAsync());
        Assert.Equal("7", (await _server.NextWatchAsync()).From);
    }

    [Fact]
    public async Task Watch_ThatFailsByADefect_GoesOn()
    {
        var watch = await StartAsync(7);
        watch.Fail(new InvalidOperationException("a defect"));
        await WaitedAsync();

        Assert.Equal("7", (await _server.NextWatchAsync()).From);
    }

    [Fact]
    public async Task Store_ThatWasSetBackToABackup_IsTakenAsItIs()
    {
        var watch = await StartAsync(90, Thing("a", 80));
        _server.AnswerList(50, Thing("b", 40));
        watch.Bookmark(45);

        Assert.Equal("50", (await _server.NextWatchAsync()).From);
        Assert.Equal((null, "40"), (_cache.VersionOf("a"), _cache.VersionOf("b")));
    }

    [Fact]
    public async Task Version_ThatTheServerGoesOnNotKnowing_IsListedAnew()
    {
        var ahead = new ApiException(HttpStatusCode.GatewayTimeout, "Timeout", "Too large resource version: 90, current: 50");
        var watch = await StartAsync(90, Thing("a", 80));
        for (int i = 0; i < 3; i++)
        {
            _server.RefuseWatch(ahead);
        }

        _server.AnswerList(50);
        watch.Fail(ahead);
        for (int i = 0; i < 4; i++)
        {
            await WaitedAsync();
        }

        Assert.Equal("50", (await _server.NextWatchAsync()).From);
        Assert.Empty(_cache.All);
    }

    [Fact]
    public async Task Problem_OfAWatchThatIsSilentForLongerThanItLasts_SaysForHowLong()
    {
        Assert.Equal(1, await StaleAsync());
        var watch = await StartAsync(7);
        Assert.Null(_reflector.Problem);
        Assert.Equal(0, await StaleAsync());

        for (int i = 0; i < 3; i++)
        {
            _server.RefuseWatch(NoAnswer);
        }

        watch.Fail(NoAnswer);
        await _time.NextWaitAsync(TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromSeconds(721));

        Assert.Equal("Thing: the watch has been silent for 721 s: connection refused", _reflector.Problem);
        Assert.Equal(1, await StaleAsync());
    }

    [Fact]
    public async Task Run_ThatIsCancelled_Ends()
    {
        await StartAsync(7);

        await _stop.CancelAsync();

        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task<ScriptedWatch> StartAsync(ulong version, params V1ConfigMap[] things)
    {
        _server.AnswerList(version, things);
        _running = _reflector.RunAsync(_stop.Token);
        return await _server.NextWatchAsync();
    }

    /// <summary>Waits for the reflector to pause, and passes that time.</summary>
    private async Task<TimeSpan> WaitedAsync()
    {
        var wait = await _time.NextWaitAsync(TimeSpan.FromMinutes(1));
        _time.Advance(wait);
        return wait;
    }

    private static async Task HappenedAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private async Task<double> StaleAsync()
    {
        await _registry.CollectAndExportAsTextAsync(Stream.Null, TestContext.Current.CancellationToken);
        return Prometheus.Metrics.WithCustomRegistry(_registry).CreateGauge("reflector_stale", "", ["name"]).WithLabels("Thing").Value;
    }

    private double Counted(string name, string? reason = null)
    {
        var metrics = Prometheus.Metrics.WithCustomRegistry(_registry);
        return reason is null ? metrics.CreateCounter(name, "", ["name"]).WithLabels("Thing").Value : metrics.CreateCounter(name, "", ["name", "reason"]).WithLabels("Thing", reason).Value;
    }
}
