namespace Ppma.Api.Manifests;

/// <summary>A resource and where it was written.</summary>
/// <param name="Resource">The object.</param>
/// <param name="File">The file as the person named it.</param>
/// <param name="Document">Which YAML document of the file, from 1.</param>
public sealed record Manifest(IResource Resource, string File, int Document)
{
    public string Namespace => Resource.Metadata.NamespaceProperty ?? ApiGroup.DefaultNamespace;

    public string Name => Resource.Metadata.Name ?? "";

    public ResourceKey Key => new(Namespace, Name);

    /// <summary>Fields that were misspelt or of a wrong type: what is missing there is reported already.</summary>
    internal IReadOnlyList<string> Spoiled { get; init; } = [];
}
