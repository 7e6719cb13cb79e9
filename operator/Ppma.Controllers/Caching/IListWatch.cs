using k8s;
using k8s.Models;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Caching;

/// <summary>The two requests that a cache lives on, for the objects of one kind that it was asked for (namespace and label selector are the implementation's).</summary>
internal interface IListWatch<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Lists every object, all pages of it.</summary>
    /// <param name="resourceVersion"><c>0</c>: whatever the server's own cache holds, in one page and cheap; empty: the newest there is, read through a quorum in pages.</param>
    /// <param name="each">Called with each object as soon as it is read, so that a list never lies in memory twice.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The resourceVersion of the list, from which a watch goes on.</returns>
    /// <exception cref="ApiException">The server refused, or did not answer; <see cref="ApiException.Expired"/> when a later page came too late.</exception>
    Task<string> ListAsync(string resourceVersion, Action<T> each, CancellationToken cancellationToken);

    /// <summary>
    /// What happened after <paramref name="resourceVersion"/>, with bookmarks. Ends without an exception when the server ends the watch in its time.
    /// </summary>
    /// <param name="resourceVersion">Where to go on.</param>
    /// <param name="timeout">After how long the server shall end the watch (<c>timeoutSeconds</c>).</param>
    /// <param name="cancellationToken">Ends the request, also while nothing comes.</param>
    /// <exception cref="ApiException">The server refused, broke off, or sent an ERROR event; <see cref="ApiException.Expired"/> for 410 in either way.</exception>
    IAsyncEnumerable<WatchEvent<T>> WatchAsync(string resourceVersion, TimeSpan timeout, CancellationToken cancellationToken);
}
