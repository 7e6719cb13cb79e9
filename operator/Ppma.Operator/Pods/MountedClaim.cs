using Ppma.Api.Resolution;

namespace Ppma.Operator.Pods;

/// <summary>A volume behind a <c>file:</c> URI: the claim's root is mounted at the URI's own path.</summary>
/// <param name="Claim">Name of the PersistentVolumeClaim.</param>
/// <param name="Uri">As the manifest has it: <c>file:///absolute/path</c>.</param>
/// <param name="ReadOnly">True for data sets.</param>
internal sealed record MountedClaim(string Claim, string Uri, bool ReadOnly)
{
    /// <summary>Whether there is a path to mount it at.</summary>
    public bool IsMountable => Uri.StartsWith("file:///", StringComparison.Ordinal) && Path is not ("" or "/");

    /// <exception cref="InvalidDataException">No <c>file:</c> URI.</exception>
    public string Path => System.IO.Path.TrimEndingDirectorySeparator(FileUris.ToPath(Uri));
}
