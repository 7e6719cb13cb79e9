using System.Net;
using System.Net.Http.Headers;
using System.Text;
using k8s;
using k8s.Models;

namespace Ppma.Testing.Kubernetes;

/// <summary>Definitions as they are shipped: the server reads the YAML itself, so no client's types lose a field of it.</summary>
internal static class CustomResourceDefinitions
{
    /// <summary>Creates the one definition of a file and waits until its resources can be listed, which takes longer than Established says.</summary>
    public static async Task InstallAsync(KubernetesServer server, string file, CancellationToken cancellationToken)
    {
        string yaml = await File.ReadAllTextAsync(file, cancellationToken);
        using var body = new StringContent(yaml, Encoding.UTF8, new MediaTypeHeaderValue("application/yaml"));
        using HttpResponseMessage answer = await server.Http.PostAsync("apis/apiextensions.k8s.io/v1/customresourcedefinitions", body, cancellationToken);
        string text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The API server refused {file}: {text}");
        }

        V1CustomResourceDefinition definition = KubernetesJson.Deserialize<V1CustomResourceDefinition>(text);
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
