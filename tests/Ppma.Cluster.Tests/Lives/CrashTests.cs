using System.Collections.Concurrent;
using Ppma.Testing;
using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Lives;

/// <summary>
/// Kills the operator's process with SIGKILL at every call of a life, before the server sees it and after it has committed it, starts
/// another, and lets the audit log say whether anything was done twice or lost.
/// </summary>
public sealed class CrashTests(KubernetesFixture fixture)
{
    private const int LivesAtOnce = 4;

    // Some eight seconds of processor time a life. What a life without them cannot show is how the event or the read after the first one fares.
    private static bool EveryCall => Environment.GetEnvironmentVariable("PPMA_TEST_EVERY_CALL") == "1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Life_WithoutACrash_DoesEverythingOnce_AndNothingMoreAfterARestart()
    {
        await using RunLife life = await RunLife.PrepareAsync(await fixture.GetServerAsync(), Token);

        LifeJudge.Acquit(await life.LiveAsync(Token));
        await life.Operator.KillAsync();
        int writes = Writes(life);
        Report(life.Proxy.Count().OrderBy(entry => entry.Key).Select(entry => $"{entry.Value,4} {entry.Key}"));

        int renewals = Renewals(life);
        life.Operator.Start();
        await Eventually.Holds(() => Task.FromResult(Renewals(life) > renewals), () => life.Operator.Describe(), Token);

        Assert.Equal(writes, Writes(life));

        static int Writes(RunLife life) => life.Proxy.Calls.Count(call => call.IsWrite && call.Resource != "leases");
        static int Renewals(RunLife life) => life.Proxy.Calls.Count(call => call.Kind == "update leases");
    }

    /// <summary>The judge, in its court: the same log of the same server, with one thing done twice.</summary>
    [Fact]
    public async Task Life_InWhichOneThingWasMadeTwice_IsConvicted()
    {
        await using RunLife life = await RunLife.PrepareAsync(await fixture.GetServerAsync(), Token);
        LifeJudge.Acquit(await life.LiveAsync(Token));
        await life.Operator.KillAsync();

        await life.RepeatACreateAsync(Token);

        string violation = Assert.Single(await life.JudgeAsync(Token));
        Assert.Matches("^configmaps/ppma-tasks-[0-9a-f]{6} was created 2 times$", violation);
    }

    [Fact]
    public async Task Life_WithACrashAtAnyCall_EndsTheSame()
    {
        KubernetesServer server = await fixture.GetServerAsync();
        IReadOnlyList<CrashPoint> points = await PointsOfALifeAsync(server);
        var failures = new ConcurrentBag<string>();
        var missed = new ConcurrentBag<CrashPoint>();

        await Parallel.ForEachAsync(points, new ParallelOptions { MaxDegreeOfParallelism = LivesAtOnce, CancellationToken = Token }, async (point, token) =>
        {
            await using RunLife life = await RunLife.PrepareAsync(server, token);
            Crash(life, point);
            foreach (string violation in await life.LiveAsync(token))
            {
                failures.Add($"{point}: {violation}");
            }

            if (life.Operator.Starts < 2)
            {
                missed.Add(point);
            }
        });

        Report([$"{points.Count - missed.Count} crashes; not reached: {string.Join(", ", missed)}"]);
        LifeJudge.Acquit(failures);

        // How often a status is written depends on what comes first; so a few of the last may not come at all.
        Assert.InRange(missed.Count, 0, points.Count / 5);
    }

    /// <summary>Kills the operator at that point, once, and starts the next.</summary>
    private static void Crash(RunLife life, CrashPoint point)
    {
        var calls = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        int? number = null;
        life.Proxy.BeforeForward = async call =>
        {
            if (calls.AddOrUpdate(call.Kind, 1, (_, count) => count + 1) == point.Occurrence && call.Kind == point.Kind && life.Operator.Starts == 1)
            {
                number = call.Number;
                if (!point.AfterCommit)
                {
                    await RestartAsync(life.Operator);
                }
            }
        };
        life.Proxy.AfterCommit = async (call, _) =>
        {
            if (point.AfterCommit && call.Number == number)
            {
                await RestartAsync(life.Operator);
            }
        };
    }

    /// <summary>Ends the call too: neither the server nor anybody else hears of it again.</summary>
    private static async Task RestartAsync(OperatorUnderTest @operator)
    {
        await @operator.KillAsync();
        @operator.Start();
        throw new OperationCanceledException("The operator was killed.");
    }

    /// <summary>
    /// Every call of a life without a crash, but the renewals of its Lease, whose number is a matter of time. What only reads commits nothing.
    /// Of events, and of what only reads, the first of each kind stands for the others, unless <c>PPMA_TEST_EVERY_CALL=1</c> asks for all.
    /// </summary>
    private static async Task<IReadOnlyList<CrashPoint>> PointsOfALifeAsync(KubernetesServer server)
    {
        await using RunLife life = await RunLife.PrepareAsync(server, Token);
        LifeJudge.Acquit(await life.LiveAsync(Token));
        return
        [
            .. from kind in life.Proxy.Count()
               where kind.Key != "update leases"
               orderby kind.Key
               let reads = kind.Key.Split(' ')[0] is "get" or "list" or "watch"
               from occurrence in Enumerable.Range(1, EveryCall || !(reads || kind.Key.EndsWith(" events", StringComparison.Ordinal)) ? kind.Value : 1)
               from afterCommit in reads ? [false] : new[] { false, true }
               select new CrashPoint(kind.Key, occurrence, afterCommit),
        ];
    }

    private static void Report(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(line);
        }
    }
}
