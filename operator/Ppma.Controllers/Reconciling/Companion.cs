namespace Ppma.Controllers.Reconciling;

/// <summary>Work that goes on beside the controllers of the process that leads. Nothing waits for it to come to an end of its own.</summary>
internal sealed class Companion(Func<CancellationToken, Task> run) : IController
{
    public async Task RunAsync(CancellationToken stopping, CancellationToken abandon)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, abandon);
        try
        {
            await run(ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }
}
