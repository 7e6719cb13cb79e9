using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ppma.Controllers.Caching;
using Ppma.Controllers.Leading;
using Ppma.Controllers.Reconciling;

namespace Ppma.Controllers.Hosting;

/// <summary>
/// The life of the controllers: list and watch everything, then wait to lead, then reconcile. When it is told to stop: take nothing more, let what is
/// under way end (for a while), release the lease, and only then stop watching. A lost leadership ends the process by its exception.
/// </summary>
internal sealed partial class ControllersHost(
    IEnumerable<IReflector> reflectors, IEnumerable<IController> controllers, IElection election, ControllersOptions options, TimeProvider time, ILogger<ControllersHost> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var reflecting = new CancellationTokenSource();
        var running = reflectors.Select(reflector => Task.Run(() => reflector.RunAsync(reflecting.Token), CancellationToken.None)).ToList();
        try
        {
            var begun = time.GetTimestamp();
            await Task.WhenAll(reflectors.Select(reflector => reflector.Synced)).WaitAsync(stoppingToken);
            var took = time.GetElapsedTime(begun);
            LogSynced(took);
            await election.RunAsync(leading => LeadAsync(leading, stoppingToken), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopped();
        }
        finally
        {
            await reflecting.CancelAsync();
            await Task.WhenAll(running);
        }
    }

    private async Task LeadAsync(CancellationToken leading, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var failing = new CancellationTokenSource();
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(leading, patience.Token, failing.Token);
        using var registration = stopping.Register(() => patience.CancelAfter(options.ShutdownTimeout));
        await Task.WhenAll(controllers.Select(RunAsync));

        async Task RunAsync(IController controller)
        {
            try
            {
                await controller.RunAsync(stopping, abandon.Token);
            }
            catch
            {
                await failing.CancelAsync(); // One that is broken takes the others with it: the process starts anew.
                throw;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Everything is listed after {Took}; waiting to lead")]
    private partial void LogSynced(TimeSpan took);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped")]
    private partial void LogStopped();
}
