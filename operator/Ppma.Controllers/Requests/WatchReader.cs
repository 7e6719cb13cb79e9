using System.Net;
using System.Text.Json;
using k8s;
using k8s.Models;
using Ppma.Controllers.Caching;

namespace Ppma.Controllers.Requests;

/// <summary>Reads the events of a watch, a line each.</summary>
/// <param name="request">For messages.</param>
/// <param name="unreadable">Gets who could not be read, and why.</param>
internal sealed class WatchReader<T>(ApiRequest request, Action<V1ObjectMeta, string> unreadable)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Reads one event.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <exception cref="ApiException">An ERROR event.</exception>
    /// <exception cref="JsonException">No event.</exception>
    public WatchEvent<T> Read(ReadOnlySpan<byte> line)
    {
        string? type = ResourceJson.TryRead<string>(ResourceJson.Member(line, "type"u8), out _);
        ReadOnlySpan<byte> json = ResourceJson.Member(line, "object"u8);
        return type switch
        {
            "ADDED" => ReadObject(WatchEventKind.Added, json),
            "MODIFIED" => ReadObject(WatchEventKind.Modified, json),
            "DELETED" => ReadObject(WatchEventKind.Deleted, json),
            "BOOKMARK" => WatchEvent<T>.Bookmark(ResourceJson.ReadMetadata(json).ResourceVersion),
            "ERROR" => throw ReadError(json),
            _ => throw new JsonException($"\"{type}\" is no event of a watch"),
        };
    }

    /// <summary>
    /// An object that this program cannot read, say of a newer version of its kind, is for it as good as gone: better than stopping the
    /// watch for all others.
    /// </summary>
    private WatchEvent<T> ReadObject(WatchEventKind kind, ReadOnlySpan<byte> json)
    {
        if (ResourceJson.TryRead<T>(json, out string? problem) is { } resource)
        {
            return WatchEvent<T>.Of(kind, resource);
        }

        T gone = Activator.CreateInstance<T>();
        gone.Metadata = ResourceJson.ReadMetadata(json);
        if (gone.Metadata.Name is null)
        {
            throw new JsonException(problem);
        }

        unreadable(gone.Metadata, problem ?? "");
        return WatchEvent<T>.Of(WatchEventKind.Deleted, gone);
    }

    private ApiException ReadError(ReadOnlySpan<byte> json) =>
        FailureStatus.TryRead(json) is { } status
            ? ApiErrors.Refusal(request, (HttpStatusCode)(status.Code ?? (int)HttpStatusCode.InternalServerError), status)
            : ApiErrors.Unreadable(request, "an ERROR event without a Status");
}
