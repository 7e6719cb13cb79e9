namespace Ppma.Testing.Kubernetes;

/// <summary>
/// One answered request, as the API server wrote it down. Verbs are create, update, patch, delete, deletecollection, get, list and watch;
/// resources are plurals; what a request does not have (a list no name, most no subresource) is empty. The code is the answer's HTTP
/// status, 0 where the client went away before there was one.
/// </summary>
public sealed record AuditEntry(
    string Verb, string User, string UserAgent, string Group, string Resource, string Subresource, string Namespace, string Name, int Code, string Uri, DateTimeOffset Received)
{
    public bool Succeeded => Code is >= 200 and < 300;

    /// <summary>It changed something, or was meant to.</summary>
    public bool IsWrite => Verb is "create" or "update" or "patch" or "delete" or "deletecollection";

    /// <summary>Asked with <c>dryRun=All</c>: it changed nothing.</summary>
    public bool IsDryRun => Uri.Contains("dryRun=All", StringComparison.Ordinal);

    public override string ToString() =>
        $"{Received:HH:mm:ss.fff} {User} {Verb} {Namespace}/{Resource}/{Name}{(Subresource.Length > 0 ? "/" + Subresource : "")}{(IsDryRun ? " (dry run)" : "")} → {Code}";
}
