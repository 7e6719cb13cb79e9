using System.Text.RegularExpressions;

namespace Ppma.Testing.Kubernetes.Faults;

/// <summary>
/// One request on its way to the API server, in the words of its audit log: verbs are create, update, patch, delete, deletecollection,
/// get, list and watch (of paths that are no resource: the HTTP method in small letters), resources are plurals; what it does not have is
/// empty. Numbers count from 1 all requests that one <see cref="ApiProxy"/> saw.
/// </summary>
public sealed partial record ApiCall(
    int Number, string Verb, string Group, string Resource, string Subresource, string Namespace, string Name, string Path, string Query)
{
    public bool IsWatch => Verb == "watch";

    public bool IsWrite => Verb is "create" or "update" or "patch" or "delete" or "deletecollection";

    /// <summary><c>create jobs</c>, <c>update pretrainruns/status</c>, <c>get /healthz</c>.</summary>
    public string Kind => Resource.Length == 0 ? $"{Verb} {Path}" : $"{Verb} {Resource}{(Subresource.Length > 0 ? "/" + Subresource : "")}";

    public override string ToString() => $"#{Number} {Kind} {Namespace}/{Name}";

    internal static ApiCall Parse(int number, string method, string path, string query)
    {
        Match match = ResourcePath().Match(path);
        string Part(string name) => Uri.UnescapeDataString(match.Groups[name].Value);
        bool named = match.Groups["name"].Success;
        string verb = !match.Success ? method.ToLowerInvariant() : method switch
        {
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => named ? "delete" : "deletecollection",
            _ when WatchParameter().IsMatch(query) => "watch",
            _ => named ? "get" : "list",
        };
        return new ApiCall(number, verb, Part("group"), Part("resource"), Part("subresource"), Part("namespace"), Part("name"), path, query);
    }

    [GeneratedRegex(@"^/(?:api|apis/(?<group>[^/]+))/v[^/]+(?:/namespaces/(?<namespace>[^/]+)(?=/.))?/(?<resource>[^/]+)(?:/(?<name>[^/]+)(?:/(?<subresource>.+))?)?$")]
    private static partial Regex ResourcePath();

    [GeneratedRegex(@"[?&]watch=(?:true|1)")]
    private static partial Regex WatchParameter();
}
