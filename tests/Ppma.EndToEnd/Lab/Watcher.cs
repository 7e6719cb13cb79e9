using System.Diagnostics;

namespace Ppma.EndToEnd.Lab;

/// <summary>Notes when something was first seen in the cluster, by <c>kubectl get --watch</c>: no test waits between looks.</summary>
public sealed class Watcher : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Stopwatch _clock;
    private readonly List<(TimeSpan Time, string Line)> _seen = [];
    private readonly Task _reading;

    private Watcher(Process process, Stopwatch clock)
    {
        (_process, _clock) = (process, clock);
        _reading = ReadAsync();
    }

    /// <summary>Watches a kind in a namespace; every version of every object gives a line of the columns, by <paramref name="clock"/>.</summary>
    public static Watcher Start(Space space, Stopwatch clock, string kind, string columns)
    {
        string[] arguments = ["get", kind, "--namespace", space.Name, "--watch", "--no-headers", "--output", $"custom-columns={columns}"];
        return new Watcher(Process.Start(new ProcessStartInfo("kubectl", arguments) { RedirectStandardOutput = true })!, clock);
    }

    /// <summary>When a line was first seen that is as asked, or null.</summary>
    public TimeSpan? FirstTime(Func<string, bool> condition)
    {
        lock (_seen)
        {
            return _seen.FirstOrDefault(seen => condition(seen.Line)) is { Line: not null } seen ? seen.Time : null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_seen)
            {
                _seen.Add((_clock.Elapsed, line));
            }
        }
    }
}
