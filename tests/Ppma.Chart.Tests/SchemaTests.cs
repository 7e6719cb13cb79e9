namespace Ppma.Chart.Tests;

/// <summary>A value that cannot work is refused before anything reaches a cluster, by its name.</summary>
public sealed class SchemaTests
{
    [Theory]
    [InlineData("replicas=-1", "replicas")]
    [InlineData("replicas=two", "replicas")]
    [InlineData("replica=2", "replica")]
    [InlineData("watchNamespace=Team_A", "watchNamespace")]
    [InlineData("image.digest=sha256:abc", "digest")]
    [InlineData("image.pullPolicy=Sometimes", "pullPolicy")]
    [InlineData("image.repository=", "repository")]
    [InlineData("worker.image.version=1", "version")]
    [InlineData("worker.namespaces={a,a}", "namespaces")]
    [InlineData("operator.wokers=3", "wokers")]
    [InlineData("operator.workers=0", "workers")]
    [InlineData("operator.workers=many", "workers")]
    [InlineData("operator.realHumans=Maybe", "realHumans")]
    [InlineData("operator.workerImage=other", "workerImage")]
    [InlineData("crds.keep=perhaps", "keep")]
    [InlineData("networkPolicy.apiServer.ports={0}", "ports")]
    [InlineData("networkPolicy.storage.to[0].cidr=10.0.0.0/8", "cidr")]
    [InlineData("monitoring.podMonitor.interval=often", "interval")]
    [InlineData("resources.memory=1Gi", "memory")]
    public async Task Value_ThatCannotWork_IsRefusedByName(string value, string name)
    {
        var (code, _, errors) = await Helm.TryAsync("template", "ppma", Repository.Chart, "--set", value);

        Assert.NotEqual(0, code);
        Assert.Contains(name, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("worker.serviceAccount.create=true", "worker.namespaces")]
    [InlineData("worker.serviceAccount.create=true,watchNamespace=team,azure.workloadIdentity.enabled=true", "azure.workloadIdentity.clientId")]
    public async Task Values_ThatNeedAnother_SayWhich(string values, string missing)
    {
        var (code, _, errors) = await Helm.TryAsync("template", "ppma", Repository.Chart, "--set", values);

        Assert.NotEqual(0, code);
        Assert.Contains(missing, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_OfAChartAround_AreLetThrough()
    {
        Assert.NotEmpty(await Helm.RenderAsync(["global.registry=example.com"]));
    }
}
