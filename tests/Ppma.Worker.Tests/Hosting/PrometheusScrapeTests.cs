using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Ppma.Worker.Tests.Progress;

namespace Ppma.Worker.Tests.Hosting;

/// <summary>A worker process, asked as Prometheus asks.</summary>
public sealed class PrometheusScrapeTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Metrics_RunningWorker_AreOfTheFormat()
    {
        using WorkerChild worker = StartWorker();
        await worker.SteppingAsync();
        using var http = new HttpClient { BaseAddress = await worker.ListeningAsync() };

        using HttpResponseMessage answer = await http.GetAsync("/metrics", Token);
        IReadOnlyList<MetricsText.Family> families = MetricsText.Parse(await answer.Content.ReadAsStringAsync(Token));

        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        Assert.InRange(families.Single(family => family.Name == "ppma_step").Values.Single(), 1, 3000);
        Assert.Contains(families, family => family is { Name: "process_working_set_bytes", Values: [> 1e6] });
        Assert.DoesNotContain(families, family => family.Name == "ppma_mfu_ratio" && family.Values.Count > 0);
    }

    [Fact]
    public async Task Prometheus_ScrapingAWorker_AnswersWithItsStep()
    {
        string[] folders = Environment.GetEnvironmentVariable("PATH")!.Split(':');
        Assert.SkipUnless(
            folders.Any(folder => File.Exists(Path.Combine(folder, "prometheus"))), "prometheus is not installed (Debian package prometheus).");
        using WorkerChild worker = StartWorker();
        await worker.SteppingAsync();
        int port = FreePort();
        using Process prometheus = await StartPrometheusAsync(port, await worker.ListeningAsync());
        try
        {
            Assert.InRange(await QueryAsync(port, "ppma_step{job=\"ppma\"}"), 1, 3000);
            Assert.Equal(1, await QueryAsync(port, "up{job=\"ppma\"}"));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync(Token);
        }
    }

    private WorkerChild StartWorker() =>
        new(_folder, SampleTask.Write(_folder, SampleTask.Scripted(_folder.Path, "steps=3000;stepMilliseconds=20")));

    private async Task<Process> StartPrometheusAsync(int port, Uri worker)
    {
        string configuration = _folder.File("prometheus.yml");
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            scrape_configs:
            - job_name: ppma
              scrape_interval: 200ms
              scrape_timeout: 200ms
              static_configs: [{targets: ["{{worker.Authority}}"]}]
            """,
            Token);
        return Process.Start(
            "prometheus",
            [
                $"--config.file={configuration}", $"--storage.tsdb.path={_folder.File("tsdb")}",
                string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}"), "--log.level=error",
            ])!;
    }

    /// <summary>The newest value, as soon as there is one.</summary>
    private static async Task<double> QueryAsync(int port, string query)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(_patience);
        using var http = new HttpClient();
        while (true)
        {
            try
            {
                using JsonDocument answer = JsonDocument.Parse(
                    await http.GetByteArrayAsync($"http://127.0.0.1:{port}/api/v1/query?query={Uri.EscapeDataString(query)}", timeout.Token));
                JsonElement result = answer.RootElement.GetProperty("data").GetProperty("result");
                if (result.GetArrayLength() > 0)
                {
                    return double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(50, timeout.Token);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
