using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ppma.Testing;

/// <summary>
/// A server as a child process. It says "listens on ADDRESS" when it does, and ends when its input does: so it never outlives this
/// process, whose end of that pipe closes with it.
/// </summary>
internal sealed partial class ChildServer : IAsyncDisposable
{
    private const int KeptLines = 50;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Queue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildServer(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException($"it ended with exit code {_process.ExitCode}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not listen in time; with its last lines.</exception>
    public static async Task<(Uri Address, IAsyncDisposable Host)> StartAsync(string name, ProcessStartInfo start, CancellationToken cancellationToken)
    {
        var server = new ChildServer(start);
        try
        {
            return (await server._listening.Task.WaitAsync(StartTimeout, cancellationToken), server);
        }
        catch (Exception error)
        {
            string reason = error is TimeoutException ? $"it did not listen within {StartTimeout.TotalSeconds:0} s" : error.Message;
            await server.DisposeAsync();
            throw new InvalidOperationException($"{name} did not start: {reason}. Its last lines:\n{server.Output}", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(StopTimeout);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.Enqueue(line);
            if (_output.Count > KeptLines)
            {
                _output.Dequeue();
            }
        }

        if (ListeningLine().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex(@"listens on (?<address>http://\S+)")]
    private static partial Regex ListeningLine();
}
