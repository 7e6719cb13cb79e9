namespace Ppma.Api.Manifests;

/// <summary>Something in a manifest that has to be changed.</summary>
/// <param name="File">The file as the person named it.</param>
/// <param name="Document">Which YAML document of the file, from 1.</param>
/// <param name="Path">The field, such as <c>spec.stages[1].datasets[0].name</c>; empty for the document as a whole.</param>
/// <param name="Message">Cause and fix.</param>
public sealed record ManifestProblem(string File, int Document, string Path, string Message)
{
    /// <summary><c>file:document: path: message</c>.</summary>
    public override string ToString() =>
        Path.Length == 0 ? $"{File}:{Document}: {Message}" : $"{File}:{Document}: {Path}: {Message}";
}
