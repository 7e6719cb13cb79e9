using System.Collections.Concurrent;
using System.Reflection;
using k8s.Models;

namespace Ppma.Controllers.Requests;

/// <summary>A kind as the API server knows it: where its objects are, and what they are called.</summary>
/// <param name="Group">Its API group; empty for the core group.</param>
/// <param name="Version">The version that is spoken.</param>
/// <param name="Plural">The name in paths, such as <c>jobs</c>.</param>
/// <param name="Kind">The name in objects, such as <c>Job</c>.</param>
public sealed record ResourceType(string Group, string Version, string Plural, string Kind)
{
    private static readonly ConcurrentDictionary<Type, ResourceType> Known = new();

    /// <summary>The <c>apiVersion</c> of its objects: <c>batch/v1</c>, or <c>v1</c> in the core group.</summary>
    public string ApiVersion { get; } = Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>What the class says about itself with <see cref="KubernetesEntityAttribute"/>.</summary>
    /// <exception cref="ArgumentException">The class does not carry the attribute.</exception>
    public static ResourceType Of(Type type) => Known.GetOrAdd(type, Describe);

    /// <summary>Where objects of this kind are: <c>apis/batch/v1/namespaces/team/jobs</c>; of all namespaces when none is named.</summary>
    public string Path(string? @namespace)
    {
        string root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        return string.IsNullOrEmpty(@namespace) ? $"{root}/{Plural}" : $"{root}/namespaces/{Uri.EscapeDataString(@namespace)}/{Plural}";
    }

    /// <summary>Where one object is.</summary>
    public string Path(ObjectKey key) => $"{Path(key.Namespace)}/{Uri.EscapeDataString(key.Name)}";

    private static ResourceType Describe(Type type)
    {
        KubernetesEntityAttribute entity = type.GetCustomAttribute<KubernetesEntityAttribute>()
            ?? throw new ArgumentException($"{type.Name} has no KubernetesEntity attribute, so nobody knows where the API server keeps its objects", nameof(type));
        return new ResourceType(entity.Group ?? "", entity.ApiVersion, entity.PluralName, entity.Kind);
    }
}
