using System.Net;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Queueing;
using Ppma.Controllers.Reconciling;
using Ppma.Controllers.Requests;
using Ppma.Controllers.Tests.Caching;
using Prometheus;
using static Ppma.Controllers.Tests.Caching.Things;

namespace Ppma.Controllers.Tests.Reconciling;

public sealed class ControllerTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ResourceCache<V1ConfigMap> _things = new();
    private readonly ResourceCache<V1Job> _jobs = new();
    private readonly ScriptedReconciler _reconciler = new();
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandon = new();
    private Task _running = Task.CompletedTask;

    [Fact]
    public async Task Start_OfAController_LooksAtEverything()
    {
        _things.Replace([Thing("a", 1), Thing("b", 2)], At(2));

        Start();

        Assert.Equal([Key("a"), Key("b")], new[] { await _reconciler.NextAsync(), await _reconciler.NextAsync() }.Order(ByName));
    }

    [Fact]
    public async Task Changes_OfItsKind_AreLookedAt()
    {
        Start();

        _things.Added(Thing("a", 1));
        Assert.Equal(Key("a"), await _reconciler.NextAsync());
        _things.Observe(Thing("a", 2));
        Assert.Equal(Key("a"), await _reconciler.NextAsync());
        _things.Deleted(Thing("a", 3));
        Assert.Equal(Key("a"), await _reconciler.NextAsync());
    }

    [Fact]
    public async Task Changes_OfAChild_AreLookedAtByWhoControlsIt()
    {
        Start();

        _jobs.Apply(WatchEvent<V1Job>.Of(WatchEventKind.Added, Job("job", owner: ("v1", "ConfigMap", "a"))));

        Assert.Equal(Key("a"), await _reconciler.NextAsync());
    }

    [Theory]
    [InlineData("example.com/v1", "ConfigMap")]
    [InlineData("v1", "Secret")]
    public async Task Changes_OfAnotherKindsChild_ConcernNobody(string apiVersion, string kind)
    {
        Start();

        _jobs.Apply(WatchEvent<V1Job>.Of(WatchEventKind.Added, Job("job", owner: (apiVersion, kind, "a"))));
        _things.Added(Thing("b", 9));

        Assert.Equal(Key("b"), await _reconciler.NextAsync());
    }

    [Fact]
    public async Task Trigger_ThatFails_DoesNotEndTheWatch()
    {
        Start(new Trigger<V1Job>(_jobs, _ => throw new InvalidOperationException("a defect"), NullLogger.Instance));

        _jobs.Apply(WatchEvent<V1Job>.Of(WatchEventKind.Added, Job("job", owner: ("v1", "Secret", "a"))));
        _things.Added(Thing("b", 9));

        Assert.Equal(Key("b"), await _reconciler.NextAsync());
    }

    [Fact]
    public async Task Reconcile_ThatAsksForALaterLook_GetsIt()
    {
        _reconciler.Answers = (_, _) => Task.FromResult(ReconcileResult.After(TimeSpan.FromSeconds(30)));
        Start();
        _things.Added(Thing("a", 1));
        await _reconciler.NextAsync();

        await PassUntilAsync(TimeSpan.FromSeconds(30), looks: 2);

        await HappenedAsync(() => Counted("controller_runtime_reconcile_total", "requeue_after") == 2);
    }

    [Fact]
    public async Task Reconcile_ThatFails_IsTriedAgainAndCounted()
    {
        var failures = 3;
        _reconciler.Answers = (_, _) => failures-- > 0 ? throw new ApiException(HttpStatusCode.InternalServerError, "", "no") : Task.FromResult(ReconcileResult.Done);
        Start();
        _things.Added(Thing("a", 1));

        await PassUntilAsync(TimeSpan.FromMilliseconds(400), looks: 4);
        await HappenedAsync(() => Counted("controller_runtime_reconcile_total", "success") == 1);

        Assert.Equal((3.0, 3.0, 0.0), (Counted("controller_runtime_reconcile_total", "error"), Counted("controller_runtime_reconcile_errors_total"), Counted("controller_runtime_reconcile_panics_total")));
    }

    [Fact]
    public async Task Reconcile_WithADefect_CountsAsAPanicAndLetsOthersLive()
    {
        _reconciler.Answers = (key, _) => key == Key("bad") ? throw new InvalidOperationException("a defect") : Task.FromResult(ReconcileResult.Done);
        Start(workers: 1);
        _things.Added(Thing("bad", 1));
        _things.Added(Thing("good", 2));

        Assert.Equal([Key("bad"), Key("good")], new[] { await _reconciler.NextAsync(), await _reconciler.NextAsync() });
        Assert.Equal(1, Counted("controller_runtime_reconcile_panics_total"));
    }

    [Fact]
    public async Task Reconcile_ThatTakesTooLong_IsCancelledCountedAndTriedAgain()
    {
        var first = true;
        _reconciler.Answers = async (_, cancelled) =>
        {
            if (first)
            {
                first = false;
                await Task.Delay(Timeout.Infinite, cancelled);
            }

            return ReconcileResult.Done;
        };
        Start();
        _things.Added(Thing("a", 1));
        await _reconciler.NextAsync();

        await PassUntilAsync(TimeSpan.FromMinutes(2), looks: 2);

        Assert.Equal(1, Counted("controller_runtime_reconcile_timeouts_total"));
    }

    [Fact]
    public async Task Reconcile_OfOneObject_IsNeverTwoAtOnce()
    {
        var both = new TaskCompletionSource();
        var running = 0;
        var most = 0;
        _reconciler.Answers = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await both.Task;
            Interlocked.Decrement(ref running);
            return ReconcileResult.Done;
        };
        Start();
        _things.Added(Thing("a", 1));
        await _reconciler.NextAsync();
        _things.Modified(Thing("a", 2));
        _things.Modified(Thing("a", 3));
        both.SetResult();
        await _reconciler.NextAsync();

        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Resync_EveryTenMinutes_LooksAtEverythingAgain()
    {
        _things.Replace([Thing("a", 1)], At(1));
        Start();
        await _reconciler.NextAsync();

        await PassUntilAsync(TimeSpan.FromMinutes(10), looks: 2);
    }

    [Fact]
    public async Task Stop_OfAController_LetsRunningLooksEndAndBeginsNoOthers()
    {
        var end = new TaskCompletionSource<ReconcileResult>();
        _reconciler.Answers = (_, _) => end.Task;
        Start(workers: 1);
        _things.Added(Thing("a", 1));
        await _reconciler.NextAsync();
        _things.Added(Thing("b", 2));

        await _stopping.CancelAsync();
        Assert.False(_running.IsCompleted);
        end.SetResult(ReconcileResult.Done);
        await _running;

        Assert.Equal(1, _reconciler.Looks);
    }

    [Fact]
    public async Task Leadership_ThatIsLost_CancelsLooksAndTheNextTermLooksAtEverything()
    {
        _things.Replace([Thing("a", 1), Thing("b", 2)], At(2));
        _reconciler.Answers = async (_, cancelled) =>
        {
            await Task.Delay(Timeout.Infinite, cancelled);
            return ReconcileResult.Done;
        };
        Start(workers: 1);
        await _reconciler.NextAsync();

        await _abandon.CancelAsync();
        await _running;
        _things.Added(Thing("c", 3)); // Nobody looks while nobody leads.
        Assert.Equal(1, _reconciler.Looks);

        _reconciler.Answers = (_, _) => Task.FromResult(ReconcileResult.Done);
        _running = Controller(workers: 1, []).RunAsync(_stopping.Token, CancellationToken.None);
        Assert.Equal([Key("a"), Key("b"), Key("c")], new[] { await _reconciler.NextAsync(), await _reconciler.NextAsync(), await _reconciler.NextAsync() }.Order(ByName));
    }

    [Fact]
    public async Task Write_RefusedForLackOfLeadership_IsNoError()
    {
        _reconciler.Answers = (_, _) => throw new LeadershipLostException("the lease was renewed too long ago");
        Start();
        _things.Added(Thing("a", 1));
        await _reconciler.NextAsync();
        await PassUntilAsync(TimeSpan.FromMilliseconds(100), looks: 2);

        Assert.Equal(0, Counted("controller_runtime_reconcile_errors_total"));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _abandon.CancelAsync();
        await _running;
        _stopping.Dispose();
        _abandon.Dispose();
    }

    private static Comparer<ObjectKey> ByName { get; } = Comparer<ObjectKey>.Create((left, right) => string.CompareOrdinal(left.Name, right.Name));

    private void Start(params ITrigger[] others) => Start(workers: 8, others);

    private void Start(int workers, params ITrigger[] others) => _running = Controller(workers, others).RunAsync(_stopping.Token, _abandon.Token);

    private Controller<V1ConfigMap> Controller(int workers, ITrigger[] others) => new(
        "thing",
        _things,
        _reconciler,
        [
            new Trigger<V1ConfigMap>(_things, thing => [ObjectKey.Of(thing)], NullLogger.Instance),
            new Trigger<V1Job>(_jobs, job => Owners.ControllerOf<V1ConfigMap>(job.Metadata), NullLogger.Instance),
            .. others,
        ],
        new ReconcileOptions { Workers = workers },
        new ReconcileMetrics(_registry, "thing", workers),
        new WorkQueueMetrics(_registry, "thing"),
        _time,
        () => 0.5,
        NullLogger.Instance);

    private static V1Job Job(string name, (string ApiVersion, string Kind, string Name) owner) => new()
    {
        Metadata = new V1ObjectMeta
        {
            NamespaceProperty = "lab",
            Name = name,
            Uid = name,
            ResourceVersion = "5",
            OwnerReferences = [new V1OwnerReference { ApiVersion = owner.ApiVersion, Kind = owner.Kind, Name = owner.Name, Uid = owner.Name, Controller = true }],
        },
    };

    /// <summary>Lets time pass in steps until there were so many looks in all. When exactly a worker sets its alarm is its own affair.</summary>
    private async Task PassUntilAsync(TimeSpan step, int looks)
    {
        while (_reconciler.Looks < looks)
        {
            _time.Advance(step);
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private static async Task HappenedAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private double Counted(string name, string? result = null)
    {
        var metrics = Prometheus.Metrics.WithCustomRegistry(_registry);
        return result is null
            ? metrics.CreateCounter(name, "", ["controller"]).WithLabels("thing").Value
            : metrics.CreateCounter(name, "", ["controller", "result"]).WithLabels("thing", result).Value;
    }
}
