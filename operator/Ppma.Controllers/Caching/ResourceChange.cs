using k8s;
using k8s.Models;

namespace Ppma.Controllers.Caching;

/// <summary>One object of a cache became another. Added: nothing before; deleted: nothing after; the UIDs differ where a name was taken again.</summary>
internal readonly record struct ResourceChange<T>(T? Before, T? After)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public ObjectKey Key => ObjectKey.Of((After ?? Before)!);
}
