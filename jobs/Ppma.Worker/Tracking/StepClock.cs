namespace Ppma.Worker.Tracking;

/// <summary>
/// Measures training steps between two reports, on the host. A step is only given to the device, so one step's time says nothing there;
/// over the steps up to a report, for which the host waits, it is the device's.
/// </summary>
internal sealed class StepClock(TimeProvider time)
{
    private long _since;
    private TimeSpan _waited;
    private int _steps;
    private bool _warm;

    /// <summary>A step was given to the device. The first one of a process, which warms up, is not measured.</summary>
    public void Step(TimeSpan waited)
    {
        if (_warm)
        {
            _waited += waited;
            _steps++;
        }
        else
        {
            _warm = true;
            Restart();
        }
    }

    /// <summary>What the steps since the last reading or restart took; null when there was none. Begins anew.</summary>
    public StepTimes? Read()
    {
        TimeSpan elapsed = time.GetElapsedTime(_since);
        StepTimes? times = _steps > 0 && elapsed > TimeSpan.Zero ? new StepTimes(_steps, elapsed, _waited) : null;
        Restart();
        return times;
    }

    /// <summary>What passed since the last reading was no training: a checkpoint, a validation.</summary>
    public void Restart()
    {
        _since = time.GetTimestamp();
        _waited = TimeSpan.Zero;
        _steps = 0;
    }
}
