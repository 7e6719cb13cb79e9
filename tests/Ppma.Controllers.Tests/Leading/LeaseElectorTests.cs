using System.Net;
using System.Text.Json;
using k8s.Models;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Tests.Leading;

public sealed class LeaseElectorTests
{
    private readonly VirtualWorld _world = new();
    private readonly VirtualLease _lease = new();

    [Fact]
    public void Run_WithNoLease_CreatesItAndLeads()
    {
        Candidate a = Start("a");

        RunFor(0.1);

        V1LeaseSpec spec = _lease.Current!.Spec;
        Assert.True(a.IsLeading);
        Assert.Equal(("a", 15, 0), (spec.HolderIdentity, spec.LeaseDurationSeconds, spec.LeaseTransitions));
        Assert.Equal(spec.AcquireTime, spec.RenewTime);
    }

    [Fact]
    public void Renewal_WhileAllIsWell_MovesNothingButTheRenewTime()
    {
        Start("a");
        RunFor(0.1);
        V1LeaseSpec before = _lease.Current!.Spec;

        RunFor(60);

        V1LeaseSpec after = _lease.Current!.Spec;
        Assert.Equal((before.AcquireTime, 0), (after.AcquireTime, after.LeaseTransitions));
        Assert.InRange((after.RenewTime - before.RenewTime)!.Value.TotalSeconds, 57, 61);
    }

    [Theory]
    [InlineData(PacketFate.Breaks)]
    [InlineData(PacketFate.Vanishes)]
    public void Blip_Of9Seconds_EndsNoTerm(PacketFate fate)
    {
        Candidate a = Start("a");
        RunFor(20.1);

        a.Network.Fate = () => fate;
        RunFor(9);
        a.Network.Fate = () => PacketFate.Arrives;
        RunFor(30);

        Assert.True(a.IsLeading);
        Assert.False(a.WorkToken.IsCancellationRequested);
    }

    [Theory]
    [InlineData(PacketFate.Breaks)]
    [InlineData(PacketFate.Vanishes)]
    public void Outage_PastTheRenewDeadline_EndsTheTermBeforeAnybodyElseMayLead(PacketFate fate)
    {
        Candidate a = Start("a");
        Candidate b = Start("b");
        RunFor(20.1);
        TimeSpan lastRenewal = _world.Elapsed - (a.Process.GetUtcNow() - _lease.Current!.Spec.RenewTime!.Value);

        a.Network.Fate = () => fate;
        _world.RunUntil(lastRenewal + TimeSpan.FromSeconds(9.999));
        Assert.True(a.IsLeading);
        _world.RunUntil(lastRenewal + TimeSpan.FromSeconds(10.002));
        Assert.False(a.IsLeading);
        Assert.True(a.WorkToken.IsCancellationRequested);
        Assert.Throws<LeadershipLostException>(a.Elector.Demand);

        _world.RunUntil(lastRenewal + TimeSpan.FromSeconds(14.9));
        Assert.IsType<LeadershipLostException>(a.Term.Exception?.InnerException);
        Assert.False(b.IsLeading);
        _world.RunUntil(lastRenewal + TimeSpan.FromSeconds(17));
        Assert.True(b.IsLeading);
        Assert.Equal(1, _lease.Current!.Spec.LeaseTransitions);
    }

    public static TheoryData<Exception> Failures => new(new Exception[]
    {
        new ApiException(HttpStatusCode.InternalServerError, "InternalError", "etcdserver: leader changed"),
        new ApiException(HttpStatusCode.Forbidden, "Forbidden", "RBAC is being changed"),
        new ApiException(code: null, "", "no answer"),
        new HttpRequestException("connection reset"),
        new JsonException("'<' is an invalid start of a value"),
        new TaskCanceledException("the HTTP client's own time-out"),
        new IOException("unexpected end of stream"),
        new InvalidOperationException("anything else"),
    });

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void Failure_OfAnyKind_IsOnlyAFailedTry(Exception failure)
    {
        Candidate a = Start("a");
        a.Store.Failure = () => _world.Elapsed.TotalSeconds is > 5 and < 12 ? failure : null;
        Candidate b = Start("b");
        b.Store.Failure = a.Store.Failure;

        RunFor(60);

        Assert.True(a.IsLeading);
        a.Process.Kill();
        RunFor(20);
        Assert.True(b.IsLeading);
    }

    [Fact]
    public void Request_ThatHeedsNoCancellation_IsLeftBehind()
    {
        Candidate a = Start("a");
        RunFor(3);
        a.Store.HeedsCancellation = false;

        a.Network.Fate = () => PacketFate.Vanishes;
        RunFor(5);
        a.Network.Fate = () => PacketFate.Arrives;
        RunFor(20);

        Assert.True(a.IsLeading);
    }

    [Fact]
    public void Renewal_WhoseAnswerWasLost_IsReadAndRenewed()
    {
        Candidate a = Start("a");
        RunFor(3);
        int packets = 0;

        // The request arrives, its answer does not.
        a.Network.Fate = () => ++packets == 2 ? PacketFate.Breaks : PacketFate.Arrives;
        RunFor(60);

        Assert.True(a.IsLeading);
        Assert.Equal(0, _lease.Current!.Spec.LeaseTransitions);
    }

    [Fact]
    public void Renewal_OfALeaseThatSomebodyAnnotated_ReadsItAgain()
    {
        Candidate a = Start("a");
        RunFor(3);

        _lease.Touch();
        RunFor(15);

        Assert.True(a.IsLeading);
    }

    [Fact]
    public void Lease_GivenToAnotherByHand_EndsTheTermWithTheNextRenewal()
    {
        Candidate a = Start("a");
        RunFor(3);

        V1Lease stolen = _lease.Current!;
        _lease.Update(stolen.Claimed(new LeaseOptions { Namespace = "ns", Name = "l" }, "thief", DateTimeOffset.UnixEpoch));
        RunFor(2.1);

        Assert.True(a.WorkToken.IsCancellationRequested);
        Assert.Contains("thief", a.Term.Exception?.InnerException?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lease_DeletedByHand_StaysWithItsHolder()
    {
        Candidate a = Start("a");
        Candidate b = Start("b");
        RunFor(20.1);

        _lease.Delete();
        RunFor(30);

        Assert.True(a.IsLeading);
        Assert.False(b.IsLeading);
    }

    [Fact]
    public void Stop_OfTheLeader_ReleasesWhenTheWorkHasEndedAndHandsOverAtOnce()
    {
        Candidate a = Start("a");
        var ended = new TaskCompletionSource();
        a.Work = _ => ended.Task;
        Candidate b = Start("b");
        RunFor(20);

        a.Stop();
        RunFor(30);
        Assert.True(a.IsLeading, "the work has not ended");
        Assert.False(a.WorkToken.IsCancellationRequested);

        a.Process.Run(ended.SetResult);
        Assert.False(a.IsLeading);
        RunFor(0.1);
        Assert.True(b.IsLeading);
        Assert.True(a.Term.IsCompletedSuccessfully);
        Assert.Equal(("b", 1), (_lease.Holder, _lease.Current!.Spec.LeaseTransitions));
    }

    [Fact]
    public void Release_LeavesALeaseThatOthersMayTakeAfterASecond()
    {
        Candidate a = Start("a");
        RunFor(5);

        a.Stop();
        RunFor(1);

        Assert.Equal(("", 1), (_lease.Holder, _lease.Current!.Spec.LeaseDurationSeconds));
        Assert.Equal(0, a.Gauge());
    }

    [Fact]
    public void Crash_OfTheLeader_IsTakenOverWithinTheLeaseAndTwoSeconds()
    {
        Candidate a = Start("a");
        Candidate b = Start("b");
        RunFor(20);

        a.Process.Kill();
        RunFor(17);

        Assert.True(b.IsLeading);
    }

    [Fact]
    public void Work_ThatDoesNotEnd_IsWaitedForOnlyUntilOthersMayLead()
    {
        Candidate a = Start("a");
        a.Work = _ => new TaskCompletionSource().Task;
        RunFor(10);

        a.Network.Fate = () => PacketFate.Breaks;
        RunFor(15.1);

        Assert.Contains("the process must", a.Term.Exception?.InnerException?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Work_ThatFails_ReleasesAndFails()
    {
        Candidate a = Start("a");
        a.Work = _ => Task.FromException(new InvalidOperationException("a bug"));

        RunFor(1);

        Assert.Equal("a bug", a.Term.Exception?.InnerException?.Message);
        Assert.Equal("", _lease.Holder);
    }

    [Fact]
    public void Stop_OfAStandby_WritesNothing()
    {
        Start("a");
        Candidate b = Start("b");
        RunFor(5);

        b.Stop();
        RunFor(0.1);

        Assert.True(b.Term.IsCompletedSuccessfully);
        Assert.Equal("a", _lease.Holder);
    }

    [Fact]
    public void Stop_WhileTheClaimIsUnanswered_GivesBackWhatItMayHold()
    {
        var a = new Candidate(_world, _lease, "a");
        int packets = 0;
        a.Network.Fate = () => ++packets == 4 ? PacketFate.Vanishes : PacketFate.Arrives;
        a.Start();
        RunFor(1);
        Assert.Equal(("a", false), (_lease.Holder, a.IsLeading));

        a.Stop();
        RunFor(1);

        Assert.Equal("", _lease.Holder);
        Assert.True(a.Term.IsCompletedSuccessfully);
    }

    [Fact]
    public void Demand_BeforeLeading_NamesTheLease()
    {
        var a = new Candidate(_world, _lease, "a");

        var refused = Assert.Throws<LeadershipLostException>(a.Elector.Demand);

        Assert.Contains("ns/l", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gauge_OfALeader_IsOne()
    {
        Candidate a = Start("a");
        Candidate b = Start("b");

        RunFor(5);

        Assert.Equal((1, 0), (a.Gauge(), b.Gauge()));
    }

    private Candidate Start(string identity) => new Candidate(_world, _lease, identity).Start();

    private void RunFor(double seconds) => _world.RunUntil(_world.Elapsed + TimeSpan.FromSeconds(seconds));
}
