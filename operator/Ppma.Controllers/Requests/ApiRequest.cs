using Ppma.Controllers.Leading;

namespace Ppma.Controllers.Requests;

/// <summary>One request.</summary>
/// <param name="Method">What is done.</param>
/// <param name="Path">To what: a path with its query, relative to the server's address.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path)
{
    public const string Json = "application/json";

    /// <summary>Server-side apply (KEP-555). JSON is YAML.</summary>
    public const string Apply = "application/apply-patch+yaml";

    /// <summary>JSON Merge Patch (RFC 7386).</summary>
    public const string Merge = "application/merge-patch+json";

    public ReadOnlyMemory<byte> Body { get; init; }

    public string ContentType { get; init; } = Json;

    /// <summary>Asked in the last moment before the request leaves, after any waiting; null for what anybody may do.</summary>
    public ILeadership? Fence { get; init; }

    public override string ToString() => $"{Method} /{Path}";
}
