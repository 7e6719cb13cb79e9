using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Ppma.Testing;
using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Watching;

/// <summary>A real Prometheus with the shipped rules, for one operator. It asks and evaluates every second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new("prometheus");
    private readonly TetheredProcess _process;
    private readonly HttpClient _http;

    private PrometheusServer(int operatorPort)
    {
        int port = FreePort();
        string configuration = Path.Combine(_folder.Path, "prometheus.yaml");
        File.WriteAllText(configuration, $$"""
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: [{{Path.Combine(AppContext.BaseDirectory, "ppma.yaml")}}]
            scrape_configs:
            - job_name: ppma-operator
              honor_labels: true
              static_configs:
              - targets: ["127.0.0.1:{{operatorPort}}"]
                labels: {namespace: ppma-system, pod: operator}
            """);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        _process = TetheredProcess.Start(
            "prometheus",
            [$"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(_folder.Path, "data")}", $"--web.listen-address=127.0.0.1:{port}"],
            Path.Combine(_folder.Path, "prometheus.log"));
    }

    /// <exception cref="SkippedTestException">This machine has no Prometheus.</exception>
    public static async Task<PrometheusServer> StartAsync(int operatorPort, CancellationToken cancellationToken)
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "prometheus"))))
        {
            throw new SkippedTestException("prometheus is not installed (Debian package prometheus; eng/setup.sh --tests says how).");
        }

        var server = new PrometheusServer(operatorPort);
        await Eventually.Holds(server.IsReadyAsync, () => server._process.Describe("is not ready"), cancellationToken);
        return server;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The series that an expression gives now.</summary>
    public async Task<JsonArray> QueryAsync(string expression) =>
        JsonNode.Parse(await _http.GetStringAsync($"api/v1/query?query={Uri.EscapeDataString(expression)}"))!["data"]!["result"]!.AsArray();

    /// <summary>Waits until an expression gives anything.</summary>
    public Task SeesAsync(string expression, Func<string> describe, CancellationToken cancellationToken) =>
        Eventually.Holds(async () => (await QueryAsync(expression)).Count > 0, () => $"Prometheus has nothing for {expression}.\n{describe()}", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return (await _http.GetAsync("-/ready")).IsSuccessStatusCode;
        }
        catch (HttpRequestException) when (!_process.HasExited)
        {
            return false;
        }
    }
}
