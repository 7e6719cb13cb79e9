using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ppma.Chart.Tests;

/// <summary>What is said in two places because two programs read it is the same in both.</summary>
public sealed partial class AgreementTests
{
    [Theory]
    [InlineData("ppma-operator", "http")]
    [InlineData("ppma-worker", "metrics")]
    public async Task Monitor_OfAJob_LabelsAsThePlainConfigurationDoes(string job, string port)
    {
        JsonNode plain = ObjectSet.Node(Repository.Read("charts/ppma-cloud/files/prometheus-scrape.yaml"))!["scrape_configs"]!.AsArray()
            .Single(scrape => (string?)scrape!["job_name"] == job)!;
        JsonNode endpoint = ObjectSet.Parse(await Helm.RenderAsync(["monitoring.podMonitor.enabled=true"], "monitors")).Values
            .SelectMany(monitor => monitor["spec"]!["podMetricsEndpoints"]!.AsArray()).Single(endpoint => (string?)endpoint!["port"] == port)!;

        Assert.Equal((bool?)plain["honor_labels"] ?? false, (bool?)endpoint["honorLabels"] ?? false);
        // Namespace and pod the Prometheus operator adds by itself.
        Assert.Equal(
            Labels(plain["relabel_configs"]!, "source_labels", "target_label").Except(["__meta_kubernetes_namespace namespace", "__meta_kubernetes_pod_name pod"]),
            Labels(endpoint["relabelings"]!, "sourceLabels", "targetLabel"));
        Assert.Contains(endpoint["relabelings"]!.AsArray(), label => (string?)label!["targetLabel"] == "job" && (string?)label["replacement"] == job);
    }

    [Fact]
    public void Version_OfTheChart_IsTheProducts()
    {
        string version = Version().Match(Repository.Read("Directory.Build.props")).Groups["version"].Value;
        JsonNode chart = ObjectSet.Node(Repository.Read("charts/ppma-cloud/Chart.yaml"))!;

        Assert.Equal(version, (string?)chart["version"]);
        Assert.Equal(version, (string?)chart["appVersion"]);
        Assert.Equal($"{version}-cpu", (string?)ObjectSet.Node(Repository.Read("charts/kustomize/overlays/cpu-demo/values.yaml"))!["worker"]!["image"]!["tag"]);
    }

    private static IEnumerable<string> Labels(JsonNode relabelings, string source, string target) =>
        relabelings.AsArray().Where(label => label![target] is not null && label[source] is not null).Select(label => $"{label![source]![0]} {label[target]}");

    [GeneratedRegex("<Version>(?<version>.*)</Version>")]
    private static partial Regex Version();
}
