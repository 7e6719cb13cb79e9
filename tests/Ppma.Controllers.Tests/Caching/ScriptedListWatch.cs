using System.Runtime.CompilerServices;
using System.Threading.Channels;
using k8s.Models;
using Ppma.Controllers.Caching;

namespace Ppma.Controllers.Tests.Caching;

/// <summary>A server that does what a test says, one request after the other.</summary>
internal sealed class ScriptedListWatch : IListWatch<V1ConfigMap>
{
    private readonly Channel<Func<Action<V1ConfigMap>, CancellationToken, Task<string>>> _lists = Channel.CreateUnbounded<Func<Action<V1ConfigMap>, CancellationToken, Task<string>>>();
    private readonly Channel<ScriptedWatch> _watches = Channel.CreateUnbounded<ScriptedWatch>();
    private readonly Channel<Exception> _refusals = Channel.CreateUnbounded<Exception>();

    /// <summary>The resourceVersion of each list that was asked for.</summary>
    public List<string> Listed { get; } = [];

    public void AnswerList(ulong version, params V1ConfigMap[] things) => _lists.Writer.TryWrite((each, _) =>
    {
        Array.ForEach(things, each);
        return Task.FromResult(version.ToString());
    });

    public void RefuseList(Exception refusal) => _lists.Writer.TryWrite((_, _) => Task.FromException<string>(refusal));

    /// <summary>One thing comes, and then nothing more.</summary>
    public void StallList(V1ConfigMap first) => _lists.Writer.TryWrite(async (each, cancelled) =>
    {
        each(first);
        await Task.Delay(Timeout.Infinite, cancelled);
        return "";
    });

    /// <summary>The next watch is refused instead of begun.</summary>
    public void RefuseWatch(Exception refusal) => _refusals.Writer.TryWrite(refusal);

    /// <summary>The next watch that the reflector begins.</summary>
    public ValueTask<ScriptedWatch> NextWatchAsync() => _watches.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async Task<string> ListAsync(string resourceVersion, Action<V1ConfigMap> each, CancellationToken cancellationToken)
    {
        Listed.Add(resourceVersion);
        var answer = await _lists.Reader.ReadAsync(cancellationToken);
        return await answer(each, cancellationToken);
    }

    public async IAsyncEnumerable<WatchEvent<V1ConfigMap>> WatchAsync(string resourceVersion, TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_refusals.Reader.TryRead(out var refusal))
        {
            throw refusal;
        }

        var watch = new ScriptedWatch(resourceVersion, timeout);
        _watches.Writer.TryWrite(watch);
        await foreach (var occurred in watch.ReadAllAsync(cancellationToken))
        {
            yield return occurred;
        }
    }
}
