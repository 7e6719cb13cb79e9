using System.Threading.Channels;
using k8s.Models;
using Ppma.Controllers.Reconciling;

namespace Ppma.Controllers.Tests.Reconciling;

/// <summary>Tells what it is to look at, and answers as a test says.</summary>
internal sealed class ScriptedReconciler : IReconciler<V1ConfigMap>
{
    private readonly Channel<ObjectKey> _looks = Channel.CreateUnbounded<ObjectKey>();
    private int _count;

    public Func<ObjectKey, CancellationToken, Task<ReconcileResult>> Answers { get; set; } = (_, _) => Task.FromResult(ReconcileResult.Done);

    /// <summary>How often it was to look at something.</summary>
    public int Looks => Volatile.Read(ref _count);

    /// <summary>What it is to look at next.</summary>
    public ValueTask<ObjectKey> NextAsync() => _looks.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        _looks.Writer.TryWrite(key);
        return Answers(key, cancellationToken);
    }
}
