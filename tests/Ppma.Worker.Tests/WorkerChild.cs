using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ppma.Api.Tasks;

namespace Ppma.Worker.Tests;

/// <summary>This program started again as a worker process.</summary>
internal sealed class WorkerChild : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly StringBuilder _output = new();
    private readonly Process _process;
    private readonly string _terminationMessage;

    public WorkerChild(TemporaryFolder folder, string taskFile, int attempt = 1, int port = 0, string program = "worker", string? secrets = null)
    {
        string id = Guid.NewGuid().ToString("n");
        _terminationMessage = folder.File($"termination-{id}.json");
        PortFile = folder.File($"port-{id}");
        // What runs the tests may ignore Ctrl-C, as background commands do, and children inherit that.
        var start = new ProcessStartInfo(
            "env",
            ["--default-signal=INT", Environment.ProcessPath!, program, "--task", taskFile, "--port", port.ToString(CultureInfo.InvariantCulture), "--port-file", PortFile])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PPMA_ATTEMPT"] = attempt.ToString(CultureInfo.InvariantCulture);
        start.Environment["PPMA_TERMINATION_MESSAGE"] = _terminationMessage;
        start.Environment["PPMA_CREDENTIALS"] = secrets;

        // A machine of its own for each.
        start.Environment["PPMA_SCRATCH"] = folder.File($"scratch-{id}");
        start.Environment.Remove("KUBERNETES_SERVICE_HOST");
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasEnded => _process.HasExited;

    public string PortFile { get; }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Waits for the end.</summary>
    public async Task<(int ExitCode, TerminationMessage Message)> EndAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(timeout.Token);
        byte[] bytes = await File.ReadAllBytesAsync(_terminationMessage, timeout.Token);
        Assert.InRange(bytes.Length, 1, TerminationMessage.MaxBytes);
        return (_process.ExitCode, TaskJson.Deserialize<TerminationMessage>(bytes));
    }

    /// <summary>Waits until the worker listens, and answers with its address.</summary>
    public async Task<Uri> ListeningAsync()
    {
        while (!File.Exists(PortFile))
        {
            Assert.False(_process.HasExited, Output);
            await Task.Delay(20);
        }

        return new Uri($"http://127.0.0.1:{await File.ReadAllTextAsync(PortFile)}");
    }

    /// <summary>Waits until <c>/progress</c> shows a step, or so many.</summary>
    public async Task<TaskProgress> SteppingAsync(long steps = 1)
    {
        using var http = new HttpClient { BaseAddress = await ListeningAsync() };
        while (true)
        {
            TaskProgress progress = TaskJson.Deserialize<TaskProgress>(await http.GetByteArrayAsync("/progress"));
            if (progress.Step >= steps)
            {
                return progress;
            }

            Assert.False(_process.HasExited, Output);
            await Task.Delay(5);
        }
    }

    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", ["-s", signal, _process.Id.ToString(CultureInfo.InvariantCulture)])!;
        await kill.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
