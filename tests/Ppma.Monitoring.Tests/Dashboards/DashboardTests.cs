using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ppma.Monitoring.Tests.Alerts;
using Ppma.Monitoring.Tests.Metrics;

namespace Ppma.Monitoring.Tests.Dashboards;

/// <summary>Dashboards ask for what there is, wherever they are imported. Grafana itself is not asked.</summary>
public sealed partial class DashboardTests
{
    private const string Folder = "charts/ppma-cloud/files/dashboards";

    private const int SchemaVersion = 39;

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Repository.PathOf(Folder), "*.json").Select(path => new FileInfo(path).Name).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Dashboard_AnyOfThem_BelongsToNoGrafana(string file)
    {
        JsonNode dashboard = Read(file);

        Assert.Equal(Path.GetFileNameWithoutExtension(file), (string?)dashboard["uid"]);
        Assert.Null(dashboard["id"]);
        Assert.Equal(SchemaVersion, (int?)dashboard["schemaVersion"]);
        Assert.Equal("datasource", (string?)dashboard["templating"]!["list"]![0]!["type"]);
        Assert.All(Panels(dashboard), panel => Assert.Equal("${datasource}", (string?)panel["datasource"]!["uid"]));
        Assert.All(Panels(dashboard).SelectMany(panel => panel["targets"]!.AsArray()), target => Assert.Equal("${datasource}", (string?)target!["datasource"]!["uid"]));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Panel_AnyOfThem_FitsBesideTheOthers(string file)
    {
        var cells =
            from panel in Read(file)["panels"]!.AsArray()
            let place = panel!["gridPos"]!
            from x in Enumerable.Range((int)place["x"]!, (int)place["w"]!)
            from y in Enumerable.Range((int)place["y"]!, (int)place["h"]!)
            select (x, y);

        Assert.All(cells.CountBy(cell => cell), cell => Assert.True(cell.Value == 1 && cell.Key.x < 24, $"{file}: two panels, or none of the page, at {cell.Key}."));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Query_AnyOfThem_NamesOnlySeriesThatThereAre(string file) =>
        Assert.Empty(Queries(Read(file)).SelectMany(query => Expression.Unknown(query, Rules.Recorded).Select(name => $"{name} in {query}")));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Query_AnyOfThem_IsSoundPromQL(string file)
    {
        string rules = Path.Combine(Directory.CreateTempSubdirectory("ppma-dashboards-").FullName, "rules.yaml");
        await File.WriteAllLinesAsync(
            rules,
            ["groups:", "- name: queries", "  rules:", .. Queries(Read(file)).Distinct().Select((query, i) => $"  - {{record: 'query:{i}', expr: '{query}'}}")],
            TestContext.Current.CancellationToken);
        try
        {
            await Promtool.RunAsync("check", "rules", rules);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(rules)!, recursive: true);
        }
    }

    private static JsonNode Read(string file) => JsonNode.Parse(Repository.Read($"{Folder}/{file}"))!;

    private static IEnumerable<JsonNode> Panels(JsonNode dashboard) => dashboard["panels"]!.AsArray().Where(panel => (string?)panel!["type"] != "row")!;

    // As Grafana sends them: its own variables are durations, the others values.
    private static IEnumerable<string> Queries(JsonNode dashboard) =>
        Panels(dashboard).SelectMany(panel => panel["targets"]!.AsArray()).Select(target => Variable().Replace(Duration().Replace((string)target!["expr"]!, "5m"), "any"));

    [GeneratedRegex(@"\$__(rate_interval|range|interval)")]
    private static partial Regex Duration();

    [GeneratedRegex(@"\$\w+")]
    private static partial Regex Variable();
}
