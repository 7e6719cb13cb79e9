using System.Collections.Concurrent;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Reconciling;

namespace Ppma.Controllers.Tests.Hosting;

/// <summary>Actors in place of reflectors, election and controllers, who write down when they enter and leave.</summary>
internal sealed class Stage
{
    public ConcurrentQueue<string> Log { get; } = new();

    public async Task SaidAsync(string line)
    {
        while (!Log.Contains(line))
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    internal sealed class Reflector(Stage stage) : IReflector
    {
        public TaskCompletionSource Sync { get; } = new();

        public Task Synced => Sync.Task;

        public string? Problem => Sync.Task.IsCompleted ? null : "Thing: not listed yet";

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            stage.Log.Enqueue("watching");
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stage.Log.Enqueue("watched");
        }
    }

    internal sealed class Election(Stage stage) : IElection
    {
        public CancellationTokenSource Leading { get; } = new();

        public async Task RunAsync(Func<CancellationToken, Task> whileLeading, CancellationToken stopping)
        {
            stage.Log.Enqueue("leading");
            await whileLeading(Leading.Token);
            stage.Log.Enqueue("released");
            if (Leading.IsCancellationRequested)
            {
                throw new LeadershipLostException("the lease was lost");
            }
        }
    }

    internal sealed class Controller(Stage stage) : IController
    {
        public TaskCompletionSource Work { get; } = new();

        public Exception? Fault { get; init; }

        public async Task RunAsync(CancellationToken stopping, CancellationToken abandon)
        {
            stage.Log.Enqueue("reconciling");
            if (Fault is not null)
            {
                throw Fault;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, abandon);
            await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stage.Log.Enqueue("ending");
            await Task.WhenAny(Work.Task, Task.Delay(Timeout.Infinite, abandon));
            stage.Log.Enqueue(Work.Task.IsCompleted ? "ended" : "abandoned");
        }
    }
}
