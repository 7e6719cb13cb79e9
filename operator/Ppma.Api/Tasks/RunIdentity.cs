namespace Ppma.Api.Tasks;

/// <summary>The resource a task belongs to.</summary>
/// <param name="Kind">Resource kind, for example <c>PretrainRun</c>.</param>
/// <param name="Namespace">Kubernetes namespace; <c>default</c> on a laptop.</param>
/// <param name="Name">Resource name.</param>
/// <param name="Uid">Resource UID in a cluster; the input digest on a laptop.</param>
public sealed record RunIdentity(string Kind, string Namespace, string Name, string Uid);
