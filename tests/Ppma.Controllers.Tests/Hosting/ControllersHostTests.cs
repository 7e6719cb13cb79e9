using Microsoft.Extensions.Logging.Abstractions;
using Ppma.Controllers.Hosting;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Tests.Caching;

namespace Ppma.Controllers.Tests.Hosting;

public sealed class ControllersHostTests
{
    private readonly Stage _stage = new();
    private readonly ObservedTime _time = new();
    private readonly Stage.Reflector _reflector;
    private readonly Stage.Election _election;
    private readonly Stage.Controller _controller;

    public ControllersHostTests() => (_reflector, _election, _controller) = (new Stage.Reflector(_stage), new Stage.Election(_stage), new Stage.Controller(_stage));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_FromStartToStop_WatchesLeadsWorksAndLeavesInOrder()
    {
        using var host = Host(_controller);
        await host.StartAsync(Token);
        await _stage.SaidAsync("watching");
        Assert.DoesNotContain("leading", _stage.Log);

        _reflector.Sync.SetResult();
        await _stage.SaidAsync("reconciling");
        var stopping = host.StopAsync(Token);
        await _stage.SaidAsync("ending");
        _controller.Work.SetResult();
        await stopping;

        Assert.Equal(["watching", "leading", "reconciling", "ending", "ended", "released", "watched"], _stage.Log);
    }

    [Fact]
    public async Task Stop_WithWorkThatDoesNotEnd_AbandonsItInTime()
    {
        _reflector.Sync.SetResult();
        using var host = Host(_controller);
        await host.StartAsync(Token);
        await _stage.SaidAsync("reconciling");

        var stopping = host.StopAsync(Token);
        await _stage.SaidAsync("ending");
        _time.Advance(TimeSpan.FromSeconds(20));
        await stopping;

        Assert.Equal(["abandoned", "released", "watched"], _stage.Log.TakeLast(3));
    }

    [Fact]
    public async Task Stop_BeforeAnythingIsListed_NeverLeads()
    {
        using var host = Host(_controller);
        await host.StartAsync(Token);
        await _stage.SaidAsync("watching");

        await host.StopAsync(Token);

        Assert.Equal(["watching", "watched"], _stage.Log);
    }

    [Fact]
    public async Task Leadership_ThatIsLost_AbandonsWorkAndEndsTheProcess()
    {
        _reflector.Sync.SetResult();
        using var host = Host(_controller);
        await host.StartAsync(Token);
        await _stage.SaidAsync("reconciling");

        await _election.Leading.CancelAsync();

        await Assert.ThrowsAsync<LeadershipLostException>(() => host.ExecuteTask!);
        Assert.Equal(["ending", "abandoned", "released", "watched"], _stage.Log.TakeLast(4));
    }

    [Fact]
    public async Task Controller_ThatBreaks_TakesTheOthersAndTheProcessWithIt()
    {
        _reflector.Sync.SetResult();
        using var host = Host(_controller, new Stage.Controller(_stage) { Fault = new InvalidOperationException("a defect") });
        await host.StartAsync(Token);

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.ExecuteTask!);
        Assert.Contains("abandoned", _stage.Log);
    }

    [Fact]
    public void Health_BeforeAndAfterTheFirstList_SaysWhatIsMissing()
    {
        var health = new RuntimeHealth([_reflector]);

        Assert.Equal(["Thing: not listed yet"], health.Problems);
        _reflector.Sync.SetResult();
        Assert.Empty(health.Problems);
    }

    private ControllersHost Host(params Stage.Controller[] controllers) =>
        new([_reflector], controllers, _election, new ControllersOptions { Lease = new LeaseOptions { Namespace = "lab", Name = "controllers" } }, _time, NullLogger<ControllersHost>.Instance);
}
