using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ppma.Controllers;
using Ppma.Controllers.Caching;
using Ppma.Operator.Progress;
using Prometheus;

namespace Ppma.Operator.Tests.Progress;

public sealed class ProgressPullerTests : IDisposable, IResourceCache<V1Pod>, IProgressListener
{
    private readonly FakeTimeProvider _time = new();
    private readonly IOptions<ProgressOptions> _options = Options.Create(new ProgressOptions { Parallelism = 3 });
    private readonly ProgressClient _client;
    private readonly ProgressBook _book;
    private readonly ProgressPuller _puller;
    private readonly List<V1Pod> _pods = [];
    private readonly List<string> _changed = [];

    public ProgressPullerTests()
    {
        _client = new(_options, _time);
        _book = new(_options, _time);
        _puller = new(this, _client, _book, this, new(Metrics.NewCustomRegistry()), _options, _time, NullLogger<ProgressPuller>.Instance);
    }

    IReadOnlyCollection<V1Pod> IResourceCache<V1Pod>.All => _pods;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Pull_WorkersThatAnswerAndOneThatDoesNot_TellsOfThoseThatDo()
    {
        await using var first = ScriptedWorker.Saying(Answers.Json(Answers.At(1)));
        await using var second = ScriptedWorker.Saying(Answers.Json(Answers.At(2)));
        await using var broken = ScriptedWorker.Replying("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
        _pods.AddRange([RunningPod.Of("one", first.Port), RunningPod.Of("two", second.Port), RunningPod.Of("three", broken.Port)]);

        await PullAsync();

        Assert.Equal(["PretrainRun team/one", "PretrainRun team/two"], _changed.Order());
        Assert.Equal(2, _book.Find(new("uid-of-two", "mae", 1))!.Shown!.Step);
        Assert.Equal("answers with HTTP 500", _book.Find(new("uid-of-three", "mae", 1))!.Problem);
    }

    [Fact]
    public async Task Pull_NothingNew_TellsNobody()
    {
        await using var worker = ScriptedWorker.Saying(Answers.Json(Answers.At(1)));
        _pods.Add(RunningPod.Of("one", worker.Port));
        await PullAsync();
        await PullAsync();

        Assert.Single(_changed);
        Assert.Equal(2, worker.Requests.Count);
    }

    [Fact]
    public async Task Pull_PodThatIsGone_IsForgotten()
    {
        await using var worker = ScriptedWorker.Saying(Answers.Json(Answers.At(1)));
        _pods.Add(RunningPod.Of("one", worker.Port));
        await PullAsync();
        _pods.Clear();
        await PullAsync();

        Assert.Null(_book.Find(new("uid-of-one", "mae", 1)));
    }

    [Fact]
    public async Task Pull_ManySlowWorkers_AsksSoManyAtOnceAndNoMore()
    {
        int asking = 0;
        int most = 0;
        var release = new TaskCompletionSource();
        var workers = Enumerable.Range(0, 7).Select(_ => new ScriptedWorker(async (stream, token) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref asking));
            if (most == 3)
            {
                release.TrySetResult();
            }

            await release.Task.WaitAsync(token);
            Interlocked.Decrement(ref asking);
            await stream.WriteAsync("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), token);
        })).ToList();
        _pods.AddRange(workers.Select((worker, i) => RunningPod.Of($"run-{i}", worker.Port)));

        await PullAsync();

        Assert.Equal(3, most);
        Assert.All(Enumerable.Range(0, 7), i => Assert.Equal("answers with HTTP 404", _book.Find(new($"uid-of-run-{i}", "mae", 1))!.Problem));
        foreach (var worker in workers)
        {
            await worker.DisposeAsync();
        }
    }

    [Fact]
    public async Task Run_Interval_AsksAgainUntilItIsStopped()
    {
        using var stop = new CancellationTokenSource();
        var asked = new SemaphoreSlim(0);
        await using var worker = new ScriptedWorker(async (stream, token) =>
        {
            asked.Release();
            await stream.WriteAsync("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), token);
        });
        _pods.Add(RunningPod.Of("one", worker.Port));

        var running = _puller.RunAsync(stop.Token);
        await asked.WaitAsync(TestContext.Current.CancellationToken);
        while (!await asked.WaitAsync(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await stop.CancelAsync();
        await running;
        Assert.True(worker.Requests.Count >= 2);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    V1Pod? IResourceCache<V1Pod>.Find(ObjectKey key) => _pods.Find(pod => ObjectKey.Of(pod) == key);

    IReadOnlyList<V1Pod> IResourceCache<V1Pod>.OwnedBy(string uid) => [];

    IReadOnlyList<V1Pod> IResourceCache<V1Pod>.Indexed(string index, string value) => [];

    void IProgressListener.ProgressChanged(string kind, ObjectKey run)
    {
        lock (_changed)
        {
            _changed.Add($"{kind} {run}");
        }
    }

    private Task PullAsync() => _puller.PullAsync(TestContext.Current.CancellationToken);
}
