using k8s;
using k8s.Models;

namespace Ppma.Controllers.Caching;

/// <summary>One event of a watch. An ERROR event is no event but an exception of the watch.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="ResourceVersion">How far the watch has come with this event.</param>
/// <param name="Object">The object after the event, its last state where it was deleted; null for a bookmark.</param>
internal readonly record struct WatchEvent<T>(WatchEventKind Kind, string ResourceVersion, T? Object)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public static WatchEvent<T> Of(WatchEventKind kind, T resource) => new(kind, resource.Metadata.ResourceVersion, resource);

    public static WatchEvent<T> Bookmark(string resourceVersion) => new(WatchEventKind.Bookmark, resourceVersion, Object: null);
}

internal enum WatchEventKind
{
    Added,
    Modified,
    Deleted,

    /// <summary>Everything up to this resourceVersion has been sent (KEP-956).</summary>
    Bookmark,
}
