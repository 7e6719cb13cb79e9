using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Ppma.Controllers.Caching;

namespace Ppma.Controllers.Reconciling;

/// <summary>Changes of a kind's objects, as they were and as they are, mapped to the objects that look at them.</summary>
internal sealed partial class Trigger<TOther>(ResourceCache<TOther> cache, Func<TOther, IEnumerable<ObjectKey>> lookedAtBy, ILogger log) : ITrigger
    where TOther : class, IKubernetesObject<V1ObjectMeta>
{
    public IDisposable Subscribe(Action<ObjectKey> lookAt) => cache.Subscribe(change =>
    {
        Map(change.Before, lookAt);
        Map(change.After, lookAt);
    });

    private void Map(TOther? resource, Action<ObjectKey> lookAt)
    {
        if (resource is null)
        {
            return;
        }

        try
        {
            foreach (var key in lookedAtBy(resource))
            {
                lookAt(key);
            }
        }
        catch (Exception exception) // It runs inside of the watch, which must go on.
        {
            LogNotMapped(exception, typeof(TOther).Name, ObjectKey.Of(resource));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Kind} {Key} changed, but who looks at it could not be told; they are looked at with the next resync")]
    private partial void LogNotMapped(Exception exception, string kind, ObjectKey key);
}
