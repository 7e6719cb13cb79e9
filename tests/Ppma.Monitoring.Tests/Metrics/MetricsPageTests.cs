namespace Ppma.Monitoring.Tests.Metrics;

public sealed class MetricsPageTests
{
    /// <summary>"make metrics" sets it: the page is written instead of compared.</summary>
    private const string Refresh = "PPMA_REFRESH_SNAPSHOTS";

    [Fact]
    public void Page_AsCommitted_IsWhatTheProgramsTell()
    {
        string path = Repository.PathOf(MetricsPage.File);
        string page = File.ReadAllText(path);
        string renewed = MetricsPage.Renewed(page);
        if (Environment.GetEnvironmentVariable(Refresh) == "true")
        {
            File.WriteAllText(path, renewed);
            return;
        }

        Assert.True(page == renewed, $"{MetricsPage.File} is stale; run \"make metrics\" and commit it.");
    }

    [Fact]
    public void Metric_OfAnyProgram_IsNamedAsPrometheusAsks()
    {
        var wrong = Catalog.Operator.Concat(Catalog.Worker)
            .Where(metric => metric.Help.Length == 0 || (metric.Type == "counter") != metric.Name.EndsWith("_total", StringComparison.Ordinal))
            .Select(metric => $"{metric.Type} {metric.Name}: {metric.Help}");

        Assert.Empty(wrong);
    }
}
