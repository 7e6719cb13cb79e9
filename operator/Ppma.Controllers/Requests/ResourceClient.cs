using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Ppma.Controllers.Leading;

namespace Ppma.Controllers.Requests;

/// <summary>What the API server does with objects of one kind. Knows no cache.</summary>
/// <param name="transport">Sends the requests.</param>
/// <param name="leadership">Demanded before everything that changes something; null for what anybody may write, such as a lease or an event.</param>
/// <param name="logger">Told of objects that cannot be read.</param>
internal sealed partial class ResourceClient<T>(ApiTransport transport, ILeadership? leadership, ILogger<ApiTransport> logger)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly ResourceType Type = ResourceType.Of(typeof(T));

    private string Manager => $"fieldManager={Uri.EscapeDataString(transport.Options.Client)}";

    /// <summary>The objects of a selection, to list and watch.</summary>
    public ListWatch<T> Select(ResourceSelection selection) => new(transport, selection, Report);

    /// <returns>Null when there is none. A kind that is not there is an exception.</returns>
    public async Task<T?> ReadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(new ApiRequest(HttpMethod.Get, Type.Path(key)), cancellationToken);
        }
        catch (ApiException missing) when (missing is { NotFound: true, Reason: "NotFound" })
        {
            return null;
        }
    }

    public Task<T> CreateAsync(T resource, CancellationToken cancellationToken) =>
        SendAsync(Change(HttpMethod.Post, $"{Type.Path(resource.Metadata.NamespaceProperty)}?{Manager}", ResourceJson.Write(Named(resource))), cancellationToken);

    /// <summary>Asks what a create would say. Changes nothing, so that anybody may.</summary>
    public Task<T> TryCreateAsync(T resource, CancellationToken cancellationToken) =>
        SendAsync(
            new ApiRequest(HttpMethod.Post, $"{Type.Path(resource.Metadata.NamespaceProperty)}?dryRun=All&{Manager}") { Body = ResourceJson.Write(Named(resource)) },
            cancellationToken);

    /// <summary>Replaces the whole object on condition of its resourceVersion.</summary>
    public Task<T> ReplaceAsync(T resource, CancellationToken cancellationToken) =>
        SendAsync(Change(HttpMethod.Put, $"{Path(resource)}?{Manager}", ResourceJson.Write(Named(resource))), cancellationToken);

    /// <summary>Replaces the whole status on condition of the resourceVersion; nothing else is sent.</summary>
    public Task<T> UpdateStatusAsync(T resource, CancellationToken cancellationToken) =>
        SendAsync(Change(HttpMethod.Put, $"{Path(resource)}/status?{Manager}", ResourceJson.WriteStatus(Named(resource))), cancellationToken);

    /// <summary>Server-side apply, by force.</summary>
    public Task<T> ApplyAsync(T resource, CancellationToken cancellationToken) =>
        SendAsync(
            Change(HttpMethod.Patch, $"{Path(resource)}?force=true&{Manager}", ResourceJson.Write(Named(resource))) with { ContentType = ApiRequest.Apply },
            cancellationToken);

    /// <summary>Changes the fields that the patch has (JSON Merge Patch, RFC 7386), whatever the version of the object.</summary>
    public Task<T> MergeAsync<TPatch>(ObjectKey key, TPatch patch, CancellationToken cancellationToken) =>
        SendAsync(
            Change(HttpMethod.Patch, $"{Type.Path(key)}?{Manager}", ResourceJson.Write(patch)) with { ContentType = ApiRequest.Merge }, cancellationToken);

    /// <summary>Deletes exactly this object.</summary>
    /// <returns>The object where it goes on living for a while, for finalizers, dependents or a grace period; null when it is gone.</returns>
    public Task<T?> DeleteAsync(T resource, DeletePropagation propagation, CancellationToken cancellationToken)
    {
        var options = new V1DeleteOptions
        {
            ApiVersion = "v1",
            Kind = "DeleteOptions",
            Preconditions = new V1Preconditions { Uid = resource.Metadata.Uid },
            PropagationPolicy = propagation.ToString(),
        };
        ApiRequest request = Change(HttpMethod.Delete, Path(resource), ResourceJson.Write(options));
        return transport.SendAsync(request, transport.Options.Timeout, (body, token) => ReadRemainderAsync(request, body, token), cancellationToken);
    }

    private static string Path(T resource) => Type.Path(ObjectKey.Of(resource));

    private static async ValueTask<T?> ReadRemainderAsync(ApiRequest request, Stream body, CancellationToken cancellationToken)
    {
        using JsonDocument answer = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        bool gone = answer.RootElement.TryGetProperty("kind", out JsonElement kind) && kind.ValueEquals("Status");
        return gone ? null : answer.Deserialize(ResourceJson.Info<T>()) ?? throw ApiErrors.Unreadable(request, "it is null");
    }

    /// <summary>Objects out of a list of a built-in kind do not say what they are; a server that reads one must be told.</summary>
    private static T Named(T resource)
    {
        if (string.IsNullOrEmpty(resource.Kind) || string.IsNullOrEmpty(resource.ApiVersion))
        {
            (resource.ApiVersion, resource.Kind) = (Type.ApiVersion, Type.Kind);
        }

        return resource;
    }

    private ApiRequest Change(HttpMethod method, string path, byte[] body) => new(method, path) { Body = body, Fence = leadership };

    private Task<T> SendAsync(ApiRequest request, CancellationToken cancellationToken) =>
        transport.SendAsync(request, transport.Options.Timeout, (body, token) => ReadAsync(request, body, token), cancellationToken);

    private static async ValueTask<T> ReadAsync(ApiRequest request, Stream body, CancellationToken cancellationToken) =>
        await JsonSerializer.DeserializeAsync(body, ResourceJson.Info<T>(), cancellationToken) ?? throw ApiErrors.Unreadable(request, "it is null");

    private void Report(V1ObjectMeta metadata, string problem) =>
        LogUnreadable(Type.Kind, metadata.NamespaceProperty ?? "", metadata.Name ?? "", problem);
}
