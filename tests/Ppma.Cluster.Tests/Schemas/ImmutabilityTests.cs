using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Schemas;

/// <summary>What a run lets change after it was created: the rules as a server with CEL keeps them.</summary>
public sealed class ImmutabilityTests(KubernetesFixture fixture)
{
    private const string Run = """
        apiVersion: ppma.cloud/v1alpha1
        kind: PretrainRun
        metadata: {name: run}
        spec:
          artifacts: {uri: "https://account.blob.core.windows.net/artifacts"}
          compute: {podTemplateOverrides: {spec: {hostname: a}}}
          deadlines: {activeSeconds: 3600}
          stages:
          - {name: mae, objective: MaskedAutoencoding, preset: mae-mini, datasets: [{name: context}]}
        """;

    private const string Trial = """
        apiVersion: ppma.cloud/v1alpha1
        kind: EvalRun
        metadata: {name: run}
        spec: {weights: {fromRun: {name: ppma}}, dataset: {name: actions}, protocol: LinearProbe, preset: linear-probe-mini}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"suspend":true}""")]
    [InlineData("""{"cancel":true}""")]
    [InlineData("""{"ttlSecondsAfterFinished":0}""")]
    [InlineData("""{"deadlines":{"startupSeconds":7200}}""")]
    [InlineData("""{"deadlines":{"activeSeconds":7200}}""")]
    [InlineData("""{"deadlines":{"activeSeconds":null}}""")]
    [InlineData("""{"restart":{"application":4,"infrastructure":51}}""")]
    [InlineData("""{"seed":123,"compute":{"workers":1}}""")]
    public async Task Patch_OfWhatMayChange_IsTaken(string spec) => Assert.Null(await PatchAsync("pretrainruns", Run, spec));

    [Theory]
    [InlineData("seed", """{"seed":124}""")]
    [InlineData("stages", """{"stages":[{"name":"mae","objective":"MaskedAutoencoding","preset":"mae-mini","datasets":[{"name":"other"}]}]}""")]
    [InlineData("model", """{"model":{"frames":8}}""")]
    [InlineData("weights", """{"weights":{"random":{}}}""")]
    [InlineData("precision", """{"precision":"Float32"}""")]
    [InlineData("artifacts", """{"artifacts":null}""")]
    [InlineData("compute", """{"compute":{"image":"other"}}""")]
    [InlineData("compute", """{"compute":{"podTemplateOverrides":{"spec":{"hostname":"b"}}}}""")]
    [InlineData("compute", """{"compute":{"podTemplateOverrides":null}}""")]
    [InlineData("privacy", """{"privacy":{"realHumans":"Allowed"}}""")]
    [InlineData("deadlines.startupSeconds", """{"deadlines":{"startupSeconds":60}}""")]
    [InlineData("deadlines.activeSeconds", """{"deadlines":{"activeSeconds":60}}""")]
    [InlineData("restart.application", """{"restart":{"application":2}}""")]
    [InlineData("restart.backoffSeconds", """{"restart":{"backoffSeconds":31}}""")]
    public async Task Patch_OfWhatMayNot_IsRefusedWithTheFieldsName(string field, string spec) =>
        Assert.Contains($"spec.{field}: ", await PatchAsync("pretrainruns", Run, spec), StringComparison.Ordinal);

    [Theory]
    [InlineData("dataset", """{"dataset":{"name":"other"}}""")]
    [InlineData("epochs", """{"epochs":3}""")]
    [InlineData("weights", """{"weights":{"fromRun":{"select":"Best"}}}""")]
    public async Task Patch_OfATrial_IsRefusedWithTheFieldsName(string field, string spec) =>
        Assert.Contains($"spec.{field}: ", await PatchAsync("evalruns", Trial, spec), StringComparison.Ordinal);

    [Fact]
    public async Task Cancel_OnceSet_StaysSet()
    {
        var endpoint = await EndpointAsync();
        await endpoint.CreateAsync("pretrainruns", Run, dryRun: false, Token);

        Assert.Null(await endpoint.PatchAsync("pretrainruns", "run", """{"spec":{"cancel":true}}""", Token));
        Assert.Contains("cancel cannot be taken back", await endpoint.PatchAsync("pretrainruns", "run", """{"spec":{"cancel":null}}""", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_LongerThanJobsCanBeNamedAfter_IsRefused()
    {
        var endpoint = await EndpointAsync();

        Assert.Null(await endpoint.CreateAsync("pretrainruns", Named(52), dryRun: true, Token));
        Assert.Contains("metadata.name must have at most 52", await endpoint.CreateAsync("pretrainruns", Named(53), dryRun: true, Token), StringComparison.Ordinal);

        static string Named(int length) => Run.Replace("name: run", $"name: {new string('r', length)}", StringComparison.Ordinal);
    }

    private async Task<string?> PatchAsync(string plural, string yaml, string spec)
    {
        var endpoint = await EndpointAsync();
        Assert.Null(await endpoint.CreateAsync(plural, yaml, dryRun: false, Token));
        return await endpoint.PatchAsync(plural, "run", $$"""{"spec":{{spec}}}""", Token);
    }

    private async Task<ResourceEndpoint> EndpointAsync()
    {
        var server = await fixture.GetServerAsync();
        server.Version.Require(1, 25, "CEL in schemas");
        return new ResourceEndpoint(server, await server.CreateNamespaceAsync("frozen", Token));
    }
}
