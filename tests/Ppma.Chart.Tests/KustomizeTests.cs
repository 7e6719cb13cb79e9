namespace Ppma.Chart.Tests;

/// <summary>What kustomize installs is what helm installs: its files are rendered from the chart, and each overlay has the chart's values beside it.</summary>
public sealed class KustomizeTests
{
    private const string Folder = "charts/kustomize";

    public static TheoryData<string> Overlays => [.. Directory.EnumerateDirectories(Repository.PathOf($"{Folder}/overlays")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("base/account.yaml", "default", "account")]
    [InlineData("base/operator.yaml", "default", "deployment", "disruption", "service")]
    [InlineData("base/user-roles.yaml", "default", "user-roles")]
    [InlineData("rbac/cluster/rbac.yaml", "default", "rbac")]
    [InlineData("rbac/namespaced/rbac.yaml", "namespaced", "rbac")]
    [InlineData("overlays/azure-workload-identity/worker-account.yaml", "azure-workload-identity", "worker-accounts")]
    public async Task File_AsCommitted_IsRenderedFromTheChart(string file, string values, params string[] templates)
    {
        string rendered = await Helm.RenderAsync([ValuesOf(values)], templates);

        Committed.Compare($"{Folder}/{file}", rendered, "# Rendered from charts/ppma-cloud by \"make chart-snapshots\"; change that.");
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Overlay_Built_IsWhatTheChartRendersWithItsValues(string overlay)
    {
        Assert.SkipUnless(await Tool.AnswersAsync("kubectl", "version", "--client"), "no kubectl on the PATH: it builds the overlays (kubectl kustomize)");
        var (code, output, errors) = await Tool.RunAsync("kubectl", "kustomize", Repository.PathOf($"{Folder}/overlays/{overlay}"));
        Assert.True(code == 0, errors);
        ObjectSet built = ObjectSet.Parse(output).WithoutHelm();
        Assert.True(built.Remove("v1 Namespace /ppma-system"), "the overlay makes no namespace");

        ObjectSet rendered = ObjectSet.Parse(await Helm.RenderAsync([ValuesOf(overlay)])).WithoutHelm();
        WithoutLabelsOfDefinitions(rendered);

        string differences = built.Differences(rendered);
        Assert.True(differences.Length == 0, $"{overlay} builds (left) what the chart with its values.yaml does not render (right):\n{differences}");
    }

    // The chart marks them as its own and as to be kept; kustomize takes the files, and deletes nothing by itself.
    private static void WithoutLabelsOfDefinitions(ObjectSet objects)
    {
        foreach (var definition in objects.Values.Where(item => (string?)item["kind"] == "CustomResourceDefinition"))
        {
            definition["metadata"]!.AsObject().Remove("labels");
            definition["metadata"]!.AsObject().Remove("annotations");
        }
    }

    private static string ValuesOf(string overlay) => $"{Folder}/overlays/{overlay}/values.yaml";
}
