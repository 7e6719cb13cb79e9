using Ppma.Api.Resolution;

namespace Ppma.Operator.Pods;

/// <summary>A volume behind a <c>file:</c> URI: the claim's root is mounted at the URI's own path.</summary>
/// <param name="Claim">Name of the PersistentVolumeClaim.</param>
/// <param name="Uri">As the manifest has it: <c>file:///absolute/path</c>.</param>
/// <param name="ReadOnly">True for data sets.</param>
internal sealed record MountedClaim(string Claim, string Uri, bool ReadOnly)
{
    /// <exception cref="InvalidDataException">No absolute <c>file:</c> URI.</exception>
    public string Path => System.IO.Path.TrimEndingDirectorySeparator(FileUris.ToPath(Uri));
}
