using System.Runtime.InteropServices;

namespace Ppma.Cli.Running;

/// <summary>Ctrl-C and SIGTERM while runs go on: the first asks to stop at a step, the second ends at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _kill = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _onStop;

    /// <param name="onStop">Called at the first signal.</param>
    /// <param name="cancellationToken">Counts as a first signal.</param>
    public StopSignals(Action onStop, CancellationToken cancellationToken)
    {
        _onStop = onStop;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    public CancellationToken Stop => _stop.Token;

    public CancellationToken Kill => _kill.Token;

    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _stop.Dispose();
        _kill.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_stop.IsCancellationRequested)
        {
            _kill.Cancel();
            return;
        }

        _onStop();
        _stop.Cancel();
    }
}
