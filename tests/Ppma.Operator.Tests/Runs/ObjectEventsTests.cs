using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Ppma.Operator.Runs;

namespace Ppma.Operator.Tests.Runs;

/// <summary>Events explain, and are never in the way.</summary>
public sealed class ObjectEventsTests
{
    private static readonly V1ObjectMeta Pod = new() { Name = "pod", NamespaceProperty = "demo", Uid = "1" };

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _asked = [];

    [Fact]
    public async Task List_OfOneObject_AsksAgainOnlyAfterAWhile()
    {
        var events = new ObjectEvents(AnswerAsync, _time);
        await events.ListAsync(Pod, TestContext.Current.CancellationToken);
        Assert.Single(await events.ListAsync(Pod, TestContext.Current.CancellationToken));
        Assert.Equal(["demo involvedObject.uid=1"], _asked);

        _time.Advance(EventLookups.Every);
        await events.ListAsync(Pod, TestContext.Current.CancellationToken);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task List_OfManyObjects_IsSpread()
    {
        var events = new ObjectEvents(AnswerAsync, _time);
        for (var i = 0; i < 100; i++)
        {
            await events.ListAsync(new V1ObjectMeta { NamespaceProperty = "demo", Uid = $"{i}" }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(5, _asked.Count);
    }

    [Fact]
    public async Task List_ThatTheServerRefuses_IsEmpty()
    {
        var events = new ObjectEvents((_, _, _) => throw new HttpOperationException("events is forbidden"), _time);

        Assert.Empty(await events.ListAsync(Pod, TestContext.Current.CancellationToken));
    }

    private Task<IReadOnlyList<Corev1Event>> AnswerAsync(string @namespace, string fields, CancellationToken cancellationToken)
    {
        _asked.Add($"{@namespace} {fields}");
        return Task.FromResult<IReadOnlyList<Corev1Event>>([new Corev1Event()]);
    }
}
