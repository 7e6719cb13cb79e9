using System.Collections.Immutable;
using Ppma.Controllers;
using Ppma.Operator.Progress;

namespace Ppma.Operator.Runs;

/// <summary>Has runs looked at again of whose progress there is something to write.</summary>
internal sealed class RunWakeups : IProgressListener
{
    private ImmutableArray<(string Kind, Action<ObjectKey> LookAt)> _controllers = [];

    public void ProgressChanged(string kind, ObjectKey run)
    {
        foreach (var controller in _controllers.Where(controller => controller.Kind == kind))
        {
            controller.LookAt(run);
        }
    }

    /// <summary>Calls <paramref name="lookAt"/> with runs of a kind until what is returned is disposed.</summary>
    public IDisposable Subscribe(string kind, Action<ObjectKey> lookAt)
    {
        var controller = (kind, lookAt);
        ImmutableInterlocked.Update(ref _controllers, all => all.Add(controller));
        return new Subscription(() => ImmutableInterlocked.Update(ref _controllers, all => all.Remove(controller)));
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
