using System.Collections.Concurrent;
using System.Net;
using Ppma.Testing.Kubernetes;
using Ppma.Testing.Kubernetes.Faults;

namespace Ppma.Cluster.Tests.Lives;

/// <summary>
/// A life in which every call goes wrong in one way: of each kind of call the first, third, fifth … are hit, so that what is tried again
/// comes through. It ends as a life without faults does, and nothing was done twice.
/// </summary>
public sealed class FaultMatrixTests(KubernetesFixture fixture)
{
    private static readonly Dictionary<string, (ApiFault Fault, Func<ApiCall, bool> Calls)> Rows = new(StringComparer.Ordinal)
    {
        ["connection breaks before the server"] = (ApiFault.DropBefore, _ => true),
        ["connection breaks after the commit"] = (ApiFault.DropAfter, _ => true),
        ["delayed by 300 ms"] = (ApiFault.Delay(TimeSpan.FromMilliseconds(300)), _ => true),
        ["sent twice"] = (ApiFault.Twice, call => call.IsWrite),
        ["409 Conflict"] = (ApiFault.Refuse(HttpStatusCode.Conflict), call => call.IsWrite),
        ["410 Expired"] = (ApiFault.Refuse(HttpStatusCode.Gone), call => call.Verb is "list" or "watch"),
        ["429 with Retry-After"] = (ApiFault.Refuse(HttpStatusCode.TooManyRequests, retryAfterSeconds: 1), _ => true),
        ["500"] = (ApiFault.Refuse(HttpStatusCode.InternalServerError), _ => true),
        ["503"] = (ApiFault.Refuse(HttpStatusCode.ServiceUnavailable), _ => true),
        ["504"] = (ApiFault.Refuse(HttpStatusCode.GatewayTimeout), _ => true),
        ["watch is cut after one event"] = (ApiFault.CutWatch(1), call => call.IsWatch),
        ["watch ends after one event"] = (ApiFault.CloseWatch(1), call => call.IsWatch),
        ["watch expires after one event"] = (ApiFault.ExpireWatch(1), call => call.IsWatch),
    };

    public static TheoryData<string> Faults => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Life_InWhichEveryCallGoesWrongOnce_EndsTheSame(string row)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await using RunLife life = await RunLife.PrepareAsync(await fixture.GetServerAsync(), cancellationToken);
        (ApiFault fault, Func<ApiCall, bool> calls) = Rows[row];
        var counts = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        // Not the Lease: a process that cannot renew it ends, and its successor is another test's matter.
        ApiRule rule = life.Proxy.Add(fault, call => calls(call) && call.Resource != "leases" && counts.AddOrUpdate(call.Kind, 1, (_, count) => count + 1) % 2 == 1, times: int.MaxValue);

        LifeJudge.Acquit(await life.LiveAsync(cancellationToken));

        Assert.True(rule.Hits > 0, "no call was hit");
        TestContext.Current.TestOutputHelper?.WriteLine($"{rule.Hits} of {life.Proxy.Calls.Count} calls were hit");
    }

    /// <summary>A call that is never answered costs its time-out; so these lives, each with one, go on side by side.</summary>
    [Fact]
    public async Task Life_InWhichACallIsNeverAnswered_EndsTheSame()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        KubernetesServer server = await fixture.GetServerAsync();
        // With how many objects' tasks frozen: the status that is lost is the one that would tell of the run's first Job.
        (string Kind, int Frozen)[] calls =
            [("create configmaps", 0), ("create jobs", 0), ("update videodatasets/status", 1), ("update pretrainruns/status", 2), ("update evalruns/status", 3), ("watch jobs", 0)];

        IEnumerable<string>[] violations = await Task.WhenAll(calls.Select(async entry =>
        {
            (string kind, int frozen) = entry;
            await using RunLife life = await RunLife.PrepareAsync(server, cancellationToken);
            ApiRule rule = life.Proxy.Add(
                ApiFault.Silence, call => call.Kind == kind && life.Proxy.Calls.Count(other => other.Kind == "create configmaps") >= frozen);
            IReadOnlyList<string> wrong = await life.LiveAsync(cancellationToken);
            return wrong.Concat(rule.Hits == 1 ? [] : ["it was not called"]).Select(violation => $"{kind}: {violation}");
        }));

        LifeJudge.Acquit(violations.SelectMany(violation => violation));
    }
}
