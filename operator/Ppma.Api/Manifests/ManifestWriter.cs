using k8s;

namespace Ppma.Api.Manifests;

/// <summary>Resources as YAML, by the Kubernetes client's serializer.</summary>
public static class ManifestWriter
{
    public static string Write(IEnumerable<IResource> resources) => KubernetesYaml.SerializeAll(resources);
}
