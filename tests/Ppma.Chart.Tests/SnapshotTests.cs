namespace Ppma.Chart.Tests;

/// <summary>What the chart makes of some values, line by line, so that a change of a template is seen as what it does to a cluster.</summary>
public sealed class SnapshotTests
{
    private const string Folder = "tests/Ppma.Chart.Tests";

    /// <summary>Without what is elsewhere already: definitions, rules and dashboards (<see cref="FilesTests"/>).</summary>
    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Repository.PathOf($"{Folder}/Values"), "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Chart_WithValues_RendersTheSnapshot(string name)
    {
        string rendered = await Helm.RenderAsync([$"{Folder}/Values/{name}.yaml", "crds.install=false", "monitoring.prometheusRule.enabled=false", "monitoring.dashboards.enabled=false"]);

        Committed.Compare($"{Folder}/Snapshots/{name}.yaml", rendered, $"# What the chart renders with Values/{name}.yaml: \"make chart-snapshots\" writes it.");
    }

    [Fact]
    public async Task Chart_AsItIs_PassesLint()
    {
        var (code, output, errors) = await Helm.TryAsync("lint", "--strict", Repository.Chart);

        Assert.True(code == 0, output + errors);
    }
}
