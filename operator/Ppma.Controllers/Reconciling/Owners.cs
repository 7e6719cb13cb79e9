using k8s.Models;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Reconciling;

/// <summary>Which object of a kind controls another, by its owner references.</summary>
internal static class Owners
{
    /// <summary>The object of kind <typeparamref name="T"/> that is the controller of an object; nothing when another kind's is, or none. Versions of an API group are one kind.</summary>
    public static IEnumerable<ObjectKey> ControllerOf<T>(V1ObjectMeta owned)
    {
        var type = ResourceType.Of(typeof(T));
        return owned.OwnerReferences?
            .Where(owner => owner.Controller == true && owner.Kind == type.Kind && GroupOf(owner.ApiVersion) == type.Group)
            .Select(owner => new ObjectKey(owned.NamespaceProperty ?? "", owner.Name)) ?? [];
    }

    private static string GroupOf(string apiVersion) => apiVersion.LastIndexOf('/') is var slash and >= 0 ? apiVersion[..slash] : "";
}
