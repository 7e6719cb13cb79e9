using System.Text.RegularExpressions;

namespace Ppma.Architecture.Tests;

/// <summary>Documents point at things that exist.</summary>
public sealed partial class DocumentationTests
{
    private static IEnumerable<string> Documents => Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal));

    [Fact]
    public void RelativeLink_InADocument_LeadsToAFileAndHeading()
    {
        var broken =
            from document in Documents
            from link in LinksOf(document)
            where !Resolves(document, link)
            select $"{document}: {link}";

        Findings.None(broken);
    }

    [Fact]
    public void MakeCommand_InADocument_IsATarget()
    {
        var targets = Repository.ReadLines("Makefile")
            .Select(line => MakeTarget().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups["name"].Value)
            .ToHashSet(StringComparer.Ordinal);
        var unknown =
            from document in Documents
            from line in Repository.ReadLines(document)
            from Match command in MakeCommand().Matches(line)
            where !targets.Contains(command.Groups["name"].Value)
            select $"{document}: make {command.Groups["name"].Value}";

        Findings.None(unknown);
    }

    [Theory]
    [InlineData("## What it *is*, in `two` words", "what-it-is-in-two-words")]
    [InlineData("# MAE → synthetic", "mae--synthetic")]
    public void Heading_AsAnAnchor_IsSpelledAsOnTheWeb(string heading, string anchor)
    {
        Assert.Equal(anchor, AnchorOf(heading));
    }

    private static IEnumerable<string> LinksOf(string document) =>
        from line in Repository.ReadLines(document)
        from Match match in Link().Matches(line)
        let target = match.Groups["target"].Value
        where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
        select target;

    private static bool Resolves(string document, string link)
    {
        string[] parts = link.Split('#', 2);
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;
        string path = parts[0].Length == 0 ? Path.Combine(Repository.Root, document) : Path.GetFullPath(Path.Combine(folder, parts[0]));
        if (parts.Length == 1)
        {
            return File.Exists(path) || Directory.Exists(path);
        }

        return File.Exists(path) && File.ReadLines(path).Where(line => line.StartsWith('#')).Select(AnchorOf).Contains(parts[1]);
    }

    private static string AnchorOf(string heading) =>
        NotInAnchors().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex(@"^(?<name>[a-z0-9-]+):")]
    private static partial Regex MakeTarget();

    [GeneratedRegex(@"(?:^|`)make (?<name>[a-z0-9-]+)")]
    private static partial Regex MakeCommand();
}
