using System.Threading.Channels;
using k8s.Models;
using Ppma.Controllers.Caching;

namespace Ppma.Controllers.Tests.Caching;

/// <summary>One watch, which says what a test says, and nothing while it says nothing.</summary>
internal sealed class ScriptedWatch(string from, TimeSpan timeout)
{
    private readonly Channel<WatchEvent<V1ConfigMap>> _events = Channel.CreateUnbounded<WatchEvent<V1ConfigMap>>();

    public string From => from;

    public TimeSpan Timeout => timeout;

    public void Added(V1ConfigMap thing) => _events.Writer.TryWrite(WatchEvent<V1ConfigMap>.Of(WatchEventKind.Added, thing));

    public void Bookmark(ulong version) => _events.Writer.TryWrite(WatchEvent<V1ConfigMap>.Bookmark(version.ToString()));

    /// <summary>The server ends it in its time.</summary>
    public void End() => _events.Writer.Complete();

    /// <summary>An ERROR event, or a connection that breaks.</summary>
    public void Fail(Exception why) => _events.Writer.Complete(why);

    public IAsyncEnumerable<WatchEvent<V1ConfigMap>> ReadAllAsync(CancellationToken cancellationToken) => _events.Reader.ReadAllAsync(cancellationToken);
}
