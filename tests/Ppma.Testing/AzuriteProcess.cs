using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ppma.Testing;

/// <summary>Azurite's npm package as a child process. It holds the other end of its input, so it ends when this process does.</summary>
internal sealed partial class AzuriteProcess : IAsyncDisposable
{
    private const int KeptLines = 50;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Queue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AzuriteProcess(Process process)
    {
        _process = process;
        process.EnableRaisingEvents = true;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException($"it ended with exit code {process.ExitCode}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static bool HasNode => FindOnPath("node") is not null;

    public static async Task<(Uri Address, IAsyncDisposable Host)> StartAsync(string? folder, CancellationToken cancellationToken)
    {
        const string Advice = "Run eng/setup.sh --tests, which installs what Azurite needs";
        string package = Path.Combine(FindRepository(), "tests", "Ppma.Testing", "azurite");
        string node = FindOnPath("node")
            ?? throw new InvalidOperationException($"Azurite cannot start: there is no node on the PATH, and no Docker engine. {Advice}, or set {AzuriteServer.Choice}=container where an engine runs.");
        if (!Directory.Exists(Path.Combine(package, "node_modules", "azurite")))
        {
            throw new InvalidOperationException($"Azurite cannot start: {Path.Combine(package, "node_modules")} does not hold it. {Advice}.");
        }

        string[] storage = folder is null ? ["--inMemoryPersistence"] : ["--location", folder];
        var start = new ProcessStartInfo(
            node,
            ["serve.cjs", "--blobHost", "127.0.0.1", "--blobPort", "0", "--disableTelemetry", "--skipApiVersionCheck", "--silent", .. storage])
        {
            WorkingDirectory = package,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var azurite = new AzuriteProcess(new Process { StartInfo = start });
        try
        {
            return (await azurite._listening.Task.WaitAsync(StartTimeout, cancellationToken), azurite);
        }
        catch (Exception error) when (error is InvalidOperationException or TimeoutException)
        {
            string reason = error is TimeoutException ? $"it did not listen within {StartTimeout.TotalSeconds:0} s" : error.Message;
            await azurite.DisposeAsync();
            throw new InvalidOperationException($"Azurite (node serve.cjs in {package}) did not start: {reason}. Its last lines:\n{azurite.Output}", error);
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

    private static string? FindOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PPMA.Cloud.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds PPMA.Cloud.sln; run the tests from a clone.");
    }

    [GeneratedRegex(@"listens on (?<address>http://\S+)")]
    private static partial Regex ListeningLine();
}
