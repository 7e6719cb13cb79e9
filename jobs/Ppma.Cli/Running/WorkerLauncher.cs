using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Ppma.Api.Tasks;
using Ppma.Worker.Data;

namespace Ppma.Cli.Running;

/// <summary>
/// Starts workers as child processes and asks them for their progress over loopback. What a child prints goes to
/// <c>worker.log</c> in the task's folder.
/// </summary>
/// <param name="program">Path of <c>ppma-worker</c>.</param>
/// <param name="data">How workers reach data sets.</param>
/// <param name="time">For the interval of asking.</param>
internal sealed class WorkerLauncher(string program, DataPlaneOptions data, TimeProvider time) : IWorkerLauncher, IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = 64 * 1024 };

    public async Task<WorkerExit> RunAsync(
        WorkerStart start, Action<TaskProgress> onProgress, CancellationToken stop, CancellationToken kill)
    {
        string terminationFile = Path.Combine(start.Folder, "termination.json");
        string portFile = Path.Combine(start.Folder, "worker.port");
        File.Delete(terminationFile);
        File.Delete(portFile);

        await using var log = TextWriter.Synchronized(File.AppendText(Path.Combine(start.Folder, "worker.log")));
        using Process process = Start(start, portFile, terminationFile, log);
        using var ended = new CancellationTokenSource();
        Task polling = PollAsync(portFile, onProgress, ended.Token);
        await using (stop.Register(() => Posix.Terminate(process)))
        await using (kill.Register(process.Kill))
        {
            await process.WaitForExitAsync(CancellationToken.None);
        }

        await ended.CancelAsync();
        await polling;
        File.Delete(portFile);
        return new WorkerExit(process.ExitCode, ReadError(terminationFile));
    }

    public void Dispose() => _http.Dispose();

    private Process Start(WorkerStart start, string portFile, string terminationFile, TextWriter log)
    {
        var info = new ProcessStartInfo(program, ["--task", start.TaskFile, "--port", "0", "--port-file", portFile])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["PPMA_ATTEMPT"] = start.Attempt.ToString(CultureInfo.InvariantCulture);
        info.Environment["PPMA_TERMINATION_MESSAGE"] = terminationFile;
        info.Environment["PPMA_STOP_WITH_STDIN"] = "1";
        foreach ((string name, string value) in data.ToEnvironment())
        {
            info.Environment[name] = value;
        }

        // The runtime that runs this program, wherever it is installed: …/dotnet/shared/Microsoft.NETCore.App/10.0.0/.
        info.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

        Process process;
        try
        {
            process = Process.Start(info)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new TaskFailedException(
                ExitCodes.Failed, $"'{program}' cannot be started: {e.Message}. It belongs beside ppma: build or install ppma again.", e);
        }

        process.OutputDataReceived += (_, line) => Append(log, line.Data);
        process.ErrorDataReceived += (_, line) => Append(log, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static void Append(TextWriter log, string? line)
    {
        if (line is not null)
        {
            log.WriteLine(line);
        }
    }

    private async Task PollAsync(string portFile, Action<TaskProgress> onProgress, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(PollInterval, time, ended);
                if (File.Exists(portFile))
                {
                    string port = await File.ReadAllTextAsync(portFile, ended);
                    onProgress(TaskJson.Deserialize<TaskProgress>(await _http.GetByteArrayAsync($"http://127.0.0.1:{port}/progress", ended)));
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or JsonException)
            {
                // The worker is busy, or about to end: its exit code says how, not this.
            }
        }
    }

    private static TaskError? ReadError(string terminationFile)
    {
        try
        {
            return TaskJson.Deserialize<TerminationMessage>(File.ReadAllBytes(terminationFile)).Error;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }
}
