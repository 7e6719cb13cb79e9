using System.Net.Http.Headers;
using System.Text;
using Ppma.Testing.Kubernetes;

namespace Ppma.Cluster.Tests.Lives;

/// <summary>A data set, a PretrainRun of two stages over it and an EvalRun of that. Each text ends within the spec, so that a line can be added to it.</summary>
internal static class LifeManifests
{
    public const string Dataset = """
        apiVersion: ppma.cloud/v1alpha1
        kind: VideoDataset
        metadata: {name: clips}
        spec:
          uri: https://acme.blob.core.windows.net/data/clips
          credentials: {secret: {name: storage, key: key}}
          humans: Synthetic
          attestation: {method: Rendered, by: ppma, when: "2026-01-01T00:00:00Z", indexDigest: dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd}
        """;

    public const string Run = """
        apiVersion: ppma.cloud/v1alpha1
        kind: PretrainRun
        metadata: {name: ppma}
        spec:
          model: {preset: vit-mini}
          stages:
          - {name: mae, objective: MaskedAutoencoding, preset: mae-mini, datasets: [{name: clips}]}
          - {name: align, objective: ActionClassification, preset: align-mini, datasets: [{name: clips}]}
          artifacts: {uri: "https://acme.blob.core.windows.net/runs", credentials: {secret: {name: storage, key: key}}}
        """;

    public const string Trial = """
        apiVersion: ppma.cloud/v1alpha1
        kind: EvalRun
        metadata: {name: trial}
        spec:
          weights: {fromRun: {name: ppma}}
          dataset: {name: clips}
          protocol: LinearProbe
          preset: linear-probe-mini
          artifacts: {uri: "https://acme.blob.core.windows.net/runs", credentials: {secret: {name: storage, key: key}}}
        """;

    /// <summary>Creates a resource of our kinds in a namespace.</summary>
    public static async Task CreateAsync(KubernetesServer server, string space, string manifest, CancellationToken cancellationToken)
    {
        string kind = manifest.Split('\n')[1]["kind: ".Length..];
        using var body = new StringContent(manifest, Encoding.UTF8, new MediaTypeHeaderValue("application/yaml"));
        using HttpResponseMessage answer = await server.Http.PostAsync($"apis/ppma.cloud/v1alpha1/namespaces/{space}/{kind.ToLowerInvariant()}s", body, cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }
}
