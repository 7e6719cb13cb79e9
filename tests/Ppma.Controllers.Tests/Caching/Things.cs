using k8s.Models;
using Ppma.Controllers.Caching;

namespace Ppma.Controllers.Tests.Caching;

/// <summary>Objects of some kind, for tests that do not care which.</summary>
internal static class Things
{
    public static V1ConfigMap Thing(string name, ulong version, string? uid = null, string? owner = null) => new()
    {
        Metadata = new V1ObjectMeta
        {
            NamespaceProperty = "lab",
            Name = name,
            Uid = uid ?? name,
            ResourceVersion = version.ToString(),
            OwnerReferences = owner is null ? null : [new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = owner, Uid = owner, Controller = true }],
        },
    };

    public static ObjectKey Key(string name) => new("lab", name);

    public static ResourceVersion At(ulong version) => new(version);

    public static void Added(this ResourceCache<V1ConfigMap> cache, V1ConfigMap thing) => cache.Apply(WatchEvent<V1ConfigMap>.Of(WatchEventKind.Added, thing));

    public static void Modified(this ResourceCache<V1ConfigMap> cache, V1ConfigMap thing) => cache.Apply(WatchEvent<V1ConfigMap>.Of(WatchEventKind.Modified, thing));

    public static void Deleted(this ResourceCache<V1ConfigMap> cache, V1ConfigMap thing) => cache.Apply(WatchEvent<V1ConfigMap>.Of(WatchEventKind.Deleted, thing));

    public static string? VersionOf(this IResourceCache<V1ConfigMap> cache, string name) => cache.Find(Key(name))?.Metadata.ResourceVersion;
}
