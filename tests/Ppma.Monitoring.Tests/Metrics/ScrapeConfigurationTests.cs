using System.Text.RegularExpressions;

namespace Ppma.Monitoring.Tests.Metrics;

/// <summary>The plain scrape configuration is one. Ppma.Chart.Tests holds the chart's PodMonitors to it.</summary>
public sealed partial class ScrapeConfigurationTests
{
    private const string File = "charts/ppma-cloud/files/prometheus-scrape.yaml";

    [Fact]
    public async Task Configuration_AsPrometheusReadsIt_IsSound()
    {
        (int code, string output) = await Promtool.TryAsync("check", "config", Repository.PathOf(File));
        if (output.Contains("field kubernetes_sd_configs not found", StringComparison.Ordinal))
        {
            TestContext.Current.AddWarning("This promtool is built without kubernetes_sd_configs (Debian's is): pods are looked for in a file instead.");
            (code, output) = await WithoutKubernetesAsync();
        }

        Assert.True(code == 0, output);
    }

    private static async Task<(int ExitCode, string Output)> WithoutKubernetesAsync()
    {
        string folder = Directory.CreateTempSubdirectory("ppma-scrape-").FullName;
        try
        {
            string copy = Path.Combine(folder, "prometheus.yaml");
            Directory.CreateDirectory(Path.Combine(folder, "rules"));
            System.IO.File.Copy(Repository.PathOf(Alerts.Rules.File), Path.Combine(folder, "rules", "ppma.yaml"));
            await System.IO.File.WriteAllTextAsync(copy, Discovery().Replace(Repository.Read(File), "    file_sd_configs:\n      - files: [pods.json]\n"));
            return await Promtool.TryAsync("check", "config", copy);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex(@"    kubernetes_sd_configs:\n(?:      .*\n)+")]
    private static partial Regex Discovery();
}
