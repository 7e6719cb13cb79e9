using Ppma.Api.Manifests;

namespace Ppma.Api.Validation;

/// <summary>Collects the problems of one manifest; silent about fields whose misspelling was reported already.</summary>
internal sealed class Findings(Manifest manifest)
{
    private readonly List<ManifestProblem> _problems = [];

    public IReadOnlyList<ManifestProblem> Problems => _problems;

    public void Add(string path, string message)
    {
        if (!manifest.Spoiled.Any(spoiled => path == spoiled || IsBelow(path, spoiled) || path == Parent(spoiled)))
        {
            _problems.Add(new(manifest.File, manifest.Document, path, message));
        }
    }

    public void Require(bool holds, string path, string otherwise)
    {
        if (!holds)
        {
            Add(path, otherwise);
        }
    }

    private static bool IsBelow(string path, string ancestor) =>
        path.StartsWith(ancestor, StringComparison.Ordinal) && path.AsSpan(ancestor.Length) is ['.' or '[', ..];

    private static string Parent(string path) => path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
}
