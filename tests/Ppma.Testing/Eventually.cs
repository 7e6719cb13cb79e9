namespace Ppma.Testing;

/// <summary>For what another process does in its own time: asks until it holds, and fails after a time that no correct run needs.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <exception cref="TimeoutException">It did not hold in time.</exception>
    public static Task Holds(Func<Task<bool>> condition, CancellationToken cancellationToken = default) =>
        Holds(condition, () => "what was waited for", cancellationToken);

    /// <summary>The same; says at the end what there was instead.</summary>
    /// <exception cref="TimeoutException">It did not hold in time.</exception>
    public static async Task Holds(Func<Task<bool>> condition, Func<string> describe, CancellationToken cancellationToken = default) =>
        _ = await Gives(async () => await condition() ? "" : null, describe, cancellationToken);

    /// <summary>The first value that is not null.</summary>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    public static async Task<T> Gives<T>(Func<Task<T?>> value, Func<string> describe, CancellationToken cancellationToken = default)
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            while (true)
            {
                if (await value() is { } found)
                {
                    return found;
                }

                await Task.Delay(Interval, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"After {Patience.TotalSeconds:0} s: {describe()}");
        }
    }
}
