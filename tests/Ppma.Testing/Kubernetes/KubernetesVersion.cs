using System.Globalization;
using System.Text.RegularExpressions;

namespace Ppma.Testing.Kubernetes;

/// <summary>An API server's own word of its version, as <c>GET /version</c> gives it: <c>v1.20.2</c>, <c>v1.36.2-rc.0</c>.</summary>
public sealed partial record KubernetesVersion(int Major, int Minor, string Name)
{
    /// <exception cref="FormatException">It does not start like <c>v1.20</c>.</exception>
    public static KubernetesVersion Parse(string name) =>
        Numbers().Match(name) is { Success: true } match
            ? new KubernetesVersion(
                int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture),
                int.Parse(match.Groups["minor"].ValueSpan, CultureInfo.InvariantCulture),
                name)
            : throw new FormatException($"The API server calls its version '{name}'; expected something like 'v1.34.2'.");

    public bool IsAtLeast(int major, int minor) => (Major, Minor).CompareTo((major, minor)) >= 0;

    /// <summary>Skips the test that asks, aloud, on a server older than that.</summary>
    /// <exception cref="SkippedTestException">The server is older.</exception>
    public void Require(int major, int minor, string why)
    {
        if (!IsAtLeast(major, minor))
        {
            throw new SkippedTestException($"needs Kubernetes {major}.{minor} or later ({why}); this server is {Name}");
        }
    }

    public override string ToString() => Name;

    [GeneratedRegex(@"^v(?<major>\d+)\.(?<minor>\d+)")]
    private static partial Regex Numbers();
}
