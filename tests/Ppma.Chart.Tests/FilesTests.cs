using System.Text.Json.Nodes;

namespace Ppma.Chart.Tests;

/// <summary>Files that other programs use too reach the cluster as they are.</summary>
public sealed class FilesTests
{
    private static readonly string[] Plurals = ["evalruns", "pretrainruns", "videodatasets"];

    [Theory]
    [InlineData("true", "keep")]
    [InlineData("false", null)]
    public async Task Definitions_Rendered_AreTheGeneratedOnes(string keep, string? policy)
    {
        ObjectSet rendered = ObjectSet.Parse(await Helm.RenderAsync([$"crds.keep={keep}"], "crds"));

        foreach (JsonNode definition in rendered.Values)
        {
            Assert.Equal(policy, (string?)definition["metadata"]!["annotations"]?["helm.sh/resource-policy"]);
            var metadata = (JsonObject)definition["metadata"]!;
            metadata.Remove("annotations");
            metadata.Remove("labels");
        }

        ObjectSet generated = ObjectSet.Parse(string.Join("---\n", Plurals.Select(plural => Repository.Read($"charts/ppma-cloud/files/crds/{plural}.yaml"))));
        Assert.Equal("", rendered.Differences(generated));
    }

    [Fact]
    public async Task Definitions_NotInstalled_AreNotRendered()
    {
        Assert.DoesNotContain("CustomResourceDefinition", await Helm.RenderAsync(["crds.install=false"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_Rendered_AreThePlainFiles()
    {
        ObjectSet rendered = ObjectSet.Parse(await Helm.RenderAsync(["monitoring.prometheusRule.enabled=true"], "rules"));

        string[] files = Directory.GetFiles(Repository.PathOf("charts/ppma-cloud/files/rules"), "*.yaml");
        Assert.Equal(files.Length, rendered.Count);
        foreach (string file in files)
        {
            JsonNode rule = rendered[$"monitoring.coreos.com/v1 PrometheusRule ppma-system/ppma-rules-{Path.GetFileNameWithoutExtension(file)}"];
            JsonNode? plain = ObjectSet.Node(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
            Assert.True(JsonNode.DeepEquals(plain, rule["spec"]), $"{file} is not what the PrometheusRule holds");
        }
    }

    [Fact]
    public async Task Dashboards_Rendered_AreThePlainFiles()
    {
        ObjectSet rendered = ObjectSet.Parse(await Helm.RenderAsync(["monitoring.dashboards.enabled=true", "monitoring.dashboards.annotations.grafana_folder=PPMA"], "dashboards"));

        string[] files = Directory.GetFiles(Repository.PathOf("charts/ppma-cloud/files/dashboards"), "*.json");
        Assert.Equal(files.Length, rendered.Count);
        foreach (string file in files)
        {
            JsonNode map = Assert.Single(rendered.Values, map => map["data"]![Path.GetFileName(file)] is not null);
            Assert.Equal("1", (string?)map["metadata"]!["labels"]!["grafana_dashboard"]);
            Assert.Equal("PPMA", (string?)map["metadata"]!["annotations"]!["grafana_folder"]);
            string text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(text.Trim(), ((string?)map["data"]![Path.GetFileName(file)])!.Trim());
        }
    }
}
