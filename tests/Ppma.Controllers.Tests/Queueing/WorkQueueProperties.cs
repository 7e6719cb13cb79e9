using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Ppma.Controllers.Queueing;

namespace Ppma.Controllers.Tests.Queueing;

/// <summary>Any use of a queue: no key has two turns at once, nothing that was asked for is lost, nobody waits for ever.</summary>
public sealed class WorkQueueProperties
{
    private enum Step
    {
        Add,
        AddLater,
        Retry,
        Forget,
        Take,
        Done,
        TimePasses,
    }

    private static readonly Gen<(Step Step, int Which)[]> Uses = Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 4]).Array[1, 120];

    [Fact]
    public void Queue_UsedInAnyWay_KeepsItsPromises() => Uses.Sample(steps =>
    {
        var time = new FakeTimeProvider();
        using var queue = new WorkQueue<int>(
            new RetryDelay(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5), spread: 0, () => 0), new WorkQueueMetrics(Prometheus.Metrics.NewCustomRegistry(), "test"), time);
        var running = new List<int>();
        var waiting = new List<int>(); // in the order of their turns
        var again = new HashSet<int>(); // asked for during their turn
        var due = new Dictionary<int, (DateTimeOffset At, int Order)>();
        var order = 0;
        var failures = new Dictionary<int, int>();

        foreach (var (step, which) in steps)
        {
            switch (step)
            {
                case Step.Add:
                    queue.Add(which);
                    Ask(which);
                    break;
                case Step.AddLater:
                    queue.AddAfter(which, TimeSpan.FromSeconds(which));
                    DueAfter(which, TimeSpan.FromSeconds(which));
                    break;
                case Step.Retry:
                    var delay = queue.Retry(which);
                    Assert.Equal(Math.Min(300, 0.1 * Math.Pow(2, failures.GetValueOrDefault(which))), delay.TotalSeconds, tolerance: 1e-9);
                    failures[which] = failures.GetValueOrDefault(which) + 1;
                    DueAfter(which, delay);
                    break;
                case Step.Forget:
                    queue.Forget(which);
                    failures.Remove(which);
                    break;
                case Step.Take when waiting.Count > 0:
                    Begin();
                    break;
                case Step.Done when running.Count > 0:
                    End(running[which % running.Count]);
                    break;
                case Step.TimePasses:
                    Pass(TimeSpan.FromMilliseconds(200 + (which * 700)));
                    break;
            }
        }

        while (running.Count > 0)
        {
            End(running[0]);
        }

        Pass(TimeSpan.FromMinutes(10));
        while (waiting.Count > 0)
        {
            End(Begin());
        }

        Assert.Empty(due);
        Assert.False(queue.TakeAsync(TestContext.Current.CancellationToken).AsTask().IsCompleted);

        void Ask(int key)
        {
            if (running.Contains(key))
            {
                again.Add(key);
            }
            else if (!waiting.Contains(key))
            {
                waiting.Add(key);
            }
        }

        void DueAfter(int key, TimeSpan delay)
        {
            var at = time.GetUtcNow() + delay;
            due[key] = due.TryGetValue(key, out var earlier) && earlier.At <= at ? earlier : (at, order++);
            Pass(TimeSpan.Zero);
        }

        int Begin()
        {
            var taken = queue.TakeAsync(TestContext.Current.CancellationToken).AsTask();
            Assert.True(taken.IsCompletedSuccessfully);
            var key = taken.GetAwaiter().GetResult();
            Assert.Equal(waiting[0], key);
            waiting.RemoveAt(0);
            due.Remove(key);
            running.Add(key);
            return key;
        }

        void End(int key)
        {
            queue.Done(key);
            running.Remove(key);
            if (again.Remove(key))
            {
                waiting.Add(key);
            }
        }

        void Pass(TimeSpan span)
        {
            time.Advance(span);
            foreach (var key in due.Where(entry => entry.Value.At <= time.GetUtcNow()).OrderBy(entry => entry.Value).Select(entry => entry.Key).ToList())
            {
                due.Remove(key);
                Ask(key);
            }
        }
    });

    [Fact]
    public async Task Workers_OfManyThreads_HaveEachKeyOneAtATimeAndEveryAskAnswered()
    {
        const int Keys = 20;
        const int Asks = 2000;
        using var queue = new WorkQueue<int>(
            new RetryDelay(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(4), spread: 0, () => 0), new WorkQueueMetrics(Prometheus.Metrics.NewCustomRegistry(), "test"), TimeProvider.System);
        var asked = new int[Keys];
        var answered = new int[Keys];
        var inTurn = new int[Keys];
        var twoAtOnce = false;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(WorkAsync)).ToList();

        await Task.WhenAll(Enumerable.Range(0, 2).Select(asker => Task.Run(() =>
        {
            for (int i = 0; i < Asks; i++)
            {
                var key = (i * (asker + 3)) % Keys;
                Interlocked.Increment(ref asked[key]);
                queue.Add(key);
            }
        })));
        while (!asked.SequenceEqual(answered))
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await Task.WhenAll(workers);
        Assert.False(twoAtOnce);

        async Task WorkAsync()
        {
            try
            {
                while (true)
                {
                    var key = await queue.TakeAsync(stop.Token);
                    twoAtOnce |= Interlocked.Increment(ref inTurn[key]) != 1;
                    var seen = Volatile.Read(ref asked[key]);
                    await Task.Yield();
                    Volatile.Write(ref answered[key], seen);
                    Interlocked.Decrement(ref inTurn[key]);
                    queue.Done(key);
                }
            }
            catch (OperationCanceledException)
            {
                // The test has seen enough.
            }
        }
    }
}
