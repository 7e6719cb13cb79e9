namespace Ppma.Api.Manifests;

/// <summary>All manifests that were given together, and what could not be read of them.</summary>
/// <param name="Manifests">In the order of files and documents. Fields with a problem are left at their defaults.</param>
/// <param name="Problems">What is wrong with their shape: syntax, unknown and repeated fields, wrong types.</param>
public sealed record ManifestSet(IReadOnlyList<Manifest> Manifests, IReadOnlyList<ManifestProblem> Problems)
{
    public IEnumerable<T> Resources<T>()
        where T : IResource => Manifests.Select(manifest => manifest.Resource).OfType<T>();

    /// <summary>The manifest of a resource, or null.</summary>
    public Manifest? Find<T>(string @namespace, string name)
        where T : IResource =>
        Manifests.FirstOrDefault(manifest => manifest.Resource is T && manifest.Namespace == @namespace && manifest.Name == name);
}
