using System.Text.Json;
using Ppma.EndToEnd.Lab;

namespace Ppma.EndToEnd.Watching;

/// <summary>What the shipped dashboards ask is there to be answered.</summary>
public sealed class DashboardTests(Laboratory lab) : LabTest(lab)
{
    /// <summary>What a healthy run on CPUs has nothing to tell of.</summary>
    private static readonly string[] Absent =
    [
        "ppma_gpu_", "ppma_wasted_gpu:ratio", "ppma_mfu_ratio", "ppma_validation", "ppma_skipped_updates_total", "ppma_stream_retries_total",
        "ppma_memory_limit_bytes", "ALERTS", "ppma_dataset_ready{namespace=~\".*\"} == 0", "reflector_failures_total", "ppma_restarts_total",
        "ppma_runs_ended_total{namespace=~\".*\", state=\"Failed\"}",
    ];

    [Fact]
    public async Task EveryQuery_WhileARunIsUnderWay_GivesData()
    {
        Node.RequirePodNetwork();
        PretrainHandle run = await Space.StartSmallRunAsync();
        await run.WaitForStepAsync("mae", 1);

        List<Panel> silent = [.. Directory.EnumerateFiles(Repository.PathOf("charts", "ppma-cloud", "files", "dashboards"), "*.json").SelectMany(Panels)];
        int all = silent.Count;
        bool isOver = false;
        while (silent.Count > 0 && !isOver)
        {
            // One look after its end still sees its last minutes.
            isOver = (await run.StatusAsync()).CompletionTime is not null;
            foreach (Panel panel in silent.ToArray())
            {
                if ((await Lab.Prometheus.QueryAsync(Filled(panel.Query))).Count > 0)
                {
                    silent.Remove(panel);
                }
            }

            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        Assert.Empty(silent.Where(panel => !Absent.Any(absent => Filled(panel.Query).Contains(absent, StringComparison.Ordinal))).Select(panel => $"{panel.Dashboard}, {panel.Title}: {Filled(panel.Query)}"));
        Say($"{all - silent.Count} of {all} queries gave data; the others tell of GPUs, validation and errors");
    }

    private static IEnumerable<Panel> Panels(string file) =>
        from panel in JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("panels").EnumerateArray()
        where panel.TryGetProperty("targets", out _)
        from target in panel.GetProperty("targets").EnumerateArray()
        select new Panel(Path.GetFileNameWithoutExtension(file), panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!);

    private string Filled(string query) => query
        .Replace("namespace=~\"$namespace\"", "namespace=~\".*\"", StringComparison.Ordinal)
        .Replace("$namespace", Space.Name, StringComparison.Ordinal)
        .Replace("$kind", "PretrainRun", StringComparison.Ordinal)
        .Replace("$name", SmallRun.Name, StringComparison.Ordinal)
        .Replace("$__rate_interval", "10s", StringComparison.Ordinal)
        .Replace("$__range", "10m", StringComparison.Ordinal);

    private sealed record Panel(string Dashboard, string Title, string Query);
}
