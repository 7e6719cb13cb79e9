using System.Net;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Ppma.Controllers.Requests;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Tests.Runs;

/// <summary>Events explain, and are never in the way.</summary>
public sealed class ObjectEventsTests
{
    private static readonly V1ObjectMeta Pod = new() { Name = "pod", NamespaceProperty = "demo", Uid = "1" };

    private readonly FakeApi _api = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeResources<Corev1Event> _server;
    private readonly ObjectEvents _events;

    public ObjectEventsTests()
    {
        _server = new(_api);
        _events = new(_server, _time);
        Happened("1");
    }

    [Fact]
    public async Task List_OfOneObject_AsksAgainOnlyAfterAWhile()
    {
        await _events.ListAsync(Pod, TestContext.Current.CancellationToken);
        Assert.Single(await _events.ListAsync(Pod, TestContext.Current.CancellationToken));
        Assert.Equal(["LIST Event demo involvedObject.uid=1"], _api.Requests);

        _time.Advance(EventLookups.Every);
        await _events.ListAsync(Pod, TestContext.Current.CancellationToken);
        Assert.Equal(2, _api.Calls);
    }

    [Fact]
    public async Task List_OfAnObject_IsNotAboutOthers()
    {
        Happened("2");

        Assert.Equal("1", Assert.Single(await _events.ListAsync(Pod, TestContext.Current.CancellationToken)).InvolvedObject.Uid);
    }

    [Fact]
    public async Task List_OfManyObjects_IsSpread()
    {
        for (var i = 0; i < 100; i++)
        {
            await _events.ListAsync(new V1ObjectMeta { NamespaceProperty = "demo", Uid = $"{i}" }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(5, _api.Calls);
    }

    [Fact]
    public async Task List_ThatTheServerRefuses_IsWhatWasKnown()
    {
        await _events.ListAsync(Pod, TestContext.Current.CancellationToken);
        _server.RefuseList = () => new ApiException(HttpStatusCode.Forbidden, "Forbidden", "events is forbidden");
        _time.Advance(EventLookups.Every);

        Assert.Single(await _events.ListAsync(Pod, TestContext.Current.CancellationToken));
        Assert.Equal(2, _api.Calls);
    }

    private void Happened(string uid) => _server.Put(new() { Metadata = new() { Name = $"event-{uid}", NamespaceProperty = "demo" }, InvolvedObject = new() { Uid = uid } });
}
