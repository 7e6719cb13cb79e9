using System.Globalization;
using System.Runtime.CompilerServices;
using k8s;
using k8s.Models;
using Ppma.Controllers.Caching;

namespace Ppma.Controllers.Requests;

/// <summary>The list and the watch of a selection of objects.</summary>
internal sealed class ListWatch<T>(ApiTransport transport, ResourceSelection selection, Action<V1ObjectMeta, string> unreadable) : IListWatch<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private const int PageSize = 500;
    private const byte LineEnd = (byte)'\n';

    private readonly string _path = ResourceType.Of(typeof(T)).Path(selection.Namespace);

    public async Task<string> ListAsync(string resourceVersion, Action<T> each, CancellationToken cancellationToken)
    {
        // The server's cache knows no pages: a limit would send the list through the quorum.
        string query = resourceVersion.Length > 0 ? $"resourceVersion={resourceVersion}" : string.Create(CultureInfo.InvariantCulture, $"limit={PageSize}");
        ListReader<T> page = await ReadPageAsync(query, each, cancellationToken);
        while (page.Continue.Length > 0)
        {
            page = await ReadPageAsync($"{query}&continue={Uri.EscapeDataString(page.Continue)}", each, cancellationToken);
        }

        return page.ResourceVersion;
    }

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync(
        string resourceVersion, TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string parameters = string.Create(
            CultureInfo.InvariantCulture, $"watch=true&allowWatchBookmarks=true&resourceVersion={resourceVersion}&timeoutSeconds={(int)timeout.TotalSeconds}");
        var request = new ApiRequest(HttpMethod.Get, $"{_path}?{selection.Query}{parameters}");
        var events = new WatchReader<T>(request, unreadable);
        using HttpResponseMessage response = await transport.OpenAsync(request, cancellationToken);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var reader = new BodyReader(body);
        while (await ReadMoreAsync(request, reader, cancellationToken))
        {
            while (TryRead(request, reader, events) is { } happened)
            {
                yield return happened;
            }
        }
    }

    private static WatchEvent<T>? TryRead(ApiRequest request, BodyReader reader, WatchReader<T> events)
    {
        int length = reader.Unread.IndexOf(LineEnd);
        if (length < 0)
        {
            return null;
        }

        try
        {
            WatchEvent<T> happened = events.Read(reader.Unread[..length]);
            reader.Consume(length + 1);
            return happened;
        }
        catch (Exception error) when (ApiTransport.AsApiException(request, error) is { } known)
        {
            throw known;
        }
    }

    private static async ValueTask<bool> ReadMoreAsync(ApiRequest request, BodyReader reader, CancellationToken cancellationToken)
    {
        try
        {
            await reader.ReadMoreAsync(cancellationToken);
        }
        catch (Exception error) when (ApiTransport.AsApiException(request, error) is { } known)
        {
            throw known;
        }

        return !reader.Ended || (reader.Unread.IsEmpty ? false : throw ApiErrors.Unreadable(request, "the watch breaks off in the middle of an event"));
    }

    private async Task<ListReader<T>> ReadPageAsync(string query, Action<T> each, CancellationToken cancellationToken)
    {
        var page = new ListReader<T>(each, unreadable);
        var request = new ApiRequest(HttpMethod.Get, $"{_path}?{selection.Query}{query}");
        return await transport.SendAsync(request, transport.Options.ListTimeout, ReadAsync, cancellationToken);

        async ValueTask<ListReader<T>> ReadAsync(Stream body, CancellationToken token)
        {
            await page.ReadAsync(body, token);
            return page;
        }
    }
}
