using System.Net;
using System.Net.Http.Headers;
using System.Text;
using k8s;
using k8s.Models;

namespace Ppma.Testing.Kubernetes;

/// <summary>Definitions as they are shipped: the server reads the YAML itself, so no client's types lose a field of it.</summary>
public static class CustomResourceDefinitions
{
    /// <summary>Creates a definition, unless it is there, and waits until its resources can be listed, which takes longer than Established says.</summary>
    public static async Task InstallAsync(KubernetesServer server, string yaml, CancellationToken cancellationToken)
    {
        V1CustomResourceDefinition definition = KubernetesYaml.Deserialize<V1CustomResourceDefinition>(yaml);
        using var body = new StringContent(yaml, Encoding.UTF8, new MediaTypeHeaderValue("application/yaml"));
        using HttpResponseMessage answer = await server.Http.PostAsync("apis/apiextensions.k8s.io/v1/customresourcedefinitions", body, cancellationToken);
        if (!answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.Conflict)
        {
            throw new InvalidOperationException($"The API server refused {definition.Name()}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        }

        string version = definition.Spec.Versions.First(candidate => candidate.Served).Name;
        await Eventually.Holds(
            async () =>
            {
                using HttpResponseMessage list = await server.Http.GetAsync($"apis/{definition.Spec.Group}/{version}/{definition.Spec.Names.Plural}", cancellationToken);
                return list.StatusCode == HttpStatusCode.OK;
            },
            () => $"{definition.Name()} was created, but cannot be listed",
            cancellationToken);
    }
}
