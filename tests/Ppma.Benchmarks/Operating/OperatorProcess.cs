using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Ppma.Testing.Kubernetes;

namespace Ppma.Benchmarks.Operating;

/// <summary>The operator's own program as a child.</summary>
internal sealed partial class OperatorProcess : IAsyncDisposable
{
    private const int Term = 15;

    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly List<string> _log = [];

    private OperatorProcess(Process process, int port)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
    }

    public double ResidentMebibytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1024.0 / 1024.0;
        }
    }

    /// <summary>Started and ready.</summary>
    /// <param name="server">Whom it asks.</param>
    /// <param name="watched">The one namespace that it looks at; null for all.</param>
    public static async Task<OperatorProcess> StartAsync(KubernetesServer server, string? watched = null)
    {
        int port = FreePort();
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "ppma-operator"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment =
            {
                ["KUBECONFIG"] = server.WriteKubeconfig(KubernetesServer.AdminToken),
                ["PPMA_OPERATOR__PORT"] = $"{port}",
                ["PPMA_OPERATOR__NAMESPACE"] = watched ?? "",
                ["PPMA_OPERATOR__LEASENAMESPACE"] = "default",
                ["PPMA_OPERATOR__WORKERIMAGE"] = "ppma-worker:benchmark",
            },
        };
        var @operator = new OperatorProcess(Process.Start(start)!, port);
        @operator.Keep(@operator._process.StandardOutput);
        @operator.Keep(@operator._process.StandardError);
        try
        {
            await @operator.AnswersAsync("readyz");
            return @operator;
        }
        catch
        {
            await @operator.DisposeAsync();
            throw;
        }
    }

    /// <summary>Until it leads.</summary>
    public Task LeadsAsync() => Testing.Eventually.Holds(async () => await SumAsync("leader_election_master_status", _ => true) >= 1);

    /// <summary>Reconciliations so far.</summary>
    public Task<double> ReconcilesAsync() => SumAsync("controller_runtime_reconcile_total", _ => true);

    /// <summary>Asks it to stop.</summary>
    public void Terminate() => _ = Kill(_process.Id, Term);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Terminate();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
        _http.Dispose();
    }

    private async Task AnswersAsync(string path)
    {
        while (true)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The operator ended with {_process.ExitCode}: {string.Join('\n', _log.TakeLast(10))}");
            }

            try
            {
                using HttpResponseMessage answer = await _http.GetAsync(path);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(10);
        }
    }

    private async Task<double> SumAsync(string metric, Func<string, bool> counts) => (await _http.GetStringAsync("metrics")).Split('\n')
        .Where(line => line.StartsWith(metric + "{", StringComparison.Ordinal) || line.StartsWith(metric + " ", StringComparison.Ordinal))
        .Where(counts)
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..]));

    private void Keep(StreamReader output) => _ = Task.Run(async () =>
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_log)
            {
                _log.Add(line);
                if (_log.Count > 1000)
                {
                    _log.RemoveRange(0, 500);
                }
            }
        }
    });

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
