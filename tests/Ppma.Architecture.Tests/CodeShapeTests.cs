using System.Text.RegularExpressions;

namespace Ppma.Architecture.Tests;

/// <summary>What CONTRIBUTING.md says about the shape of the code, as far as a machine can see it.</summary>
public sealed partial class CodeShapeTests
{
    private const int LongestFileInLines = 400;

    /// <summary>Names of folders that gather what has no home.</summary>
    private static readonly string[] Bins = ["Helpers", "Utils", "Utilities", "Common", "Misc", "Shared", "Models"];

    [Fact]
    public void CodeFile_OfAnyProject_HasAtMost400Lines()
    {
        var tooLong = Repository.Files
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".c", StringComparison.Ordinal))
            .Select(file => (File: file, Lines: Repository.ReadLines(file).Length))
            .Where(entry => entry.Lines > LongestFileInLines)
            .Select(entry => $"{entry.File}: {entry.Lines} lines");

        Findings.None(tooLong);
    }

    [Fact]
    public void ProductFile_WithPublicTypes_HasOneAndBearsItsName()
    {
        var mixed = Repository.ProductCode
            .Select(file => (File: file, Types: PublicTopLevelTypes(file)))
            .Where(entry => entry.Types.Count > 1 || (entry.Types.Count == 1 && entry.Types[0] != Path.GetFileName(entry.File).Split('.')[0]))
            .Select(entry => $"{entry.File}: public {string.Join(", ", entry.Types)}");

        Findings.None(mixed);
    }

    [Fact]
    public void ProductFolder_OfAnyProject_IsNamedAfterAFeature()
    {
        var bins = Repository.ProductCode
            .Select(file => Path.GetDirectoryName(file) ?? "")
            .Distinct()
            .Where(folder => folder.Split('/').Intersect(Bins, StringComparer.OrdinalIgnoreCase).Any())
            .Where(folder => !folder.StartsWith("jobs/Ppma.Learning/Models", StringComparison.Ordinal)); // A model is what is trained there.

        Findings.None(bins);
    }

    [Fact]
    public void ProductFile_InAFolder_HasTheFoldersNamespace()
    {
        var strangers = Repository.ProductCode
            .Select(file => (File: file, Declared: DeclaredNamespace(file), Expected: ExpectedNamespace(file)))
            .Where(entry => entry.Declared is not null && entry.Declared != entry.Expected)
            .Select(entry => $"{entry.File}: namespace {entry.Declared}, expected {entry.Expected}");

        Findings.None(strangers);
    }

    [Fact]
    public void File_InTheRepository_IsNoBuildOutput()
    {
        Findings.None(Repository.Files.Where(file => Path.GetExtension(file) is ".so" or ".dll" or ".exe" or ".o" or ".a" or ".pdb" or ".nupkg"));
    }

    [Fact]
    public void TextFile_InTheRepository_HasNoUnfinishedWork()
    {
        Findings.None(LinesThatMatch(UnfinishedWork()));
    }

    [Fact]
    public void TextFile_InTheRepository_HasNoPathOfOneMachine()
    {
        Findings.None(LinesThatMatch(PathOfOneMachine()));
    }

    private static IEnumerable<string> LinesThatMatch(Regex pattern) =>
        from file in Repository.TextFiles
        where file != "tests/Ppma.Architecture.Tests/CodeShapeTests.cs" // It spells the patterns.
        from line in Repository.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
        where pattern.IsMatch(line.Text)
        select $"{file}:{line.Number}: {line.Text.Trim()}";

    private static List<string> PublicTopLevelTypes(string file) =>
        Repository.ReadLines(file)
            .Select(line => PublicTopLevelType().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups["name"].Value)
            .Distinct()
            .ToList();

    private static string? DeclaredNamespace(string file) =>
        Repository.ReadLines(file)
            .Select(line => NamespaceDeclaration().Match(line))
            .FirstOrDefault(match => match.Success)?.Groups["name"].Value;

    /// <summary><c>jobs/Ppma.Video/Decoding/Clip.cs</c> belongs to <c>Ppma.Video.Decoding</c>.</summary>
    private static string ExpectedNamespace(string file) => string.Join('.', file.Split('/')[1..^1]);

    [GeneratedRegex(@"^public (?:[a-z]+ )*(?:class|record struct|record class|record|struct|interface|enum|delegate [\w<>\[\]?.]+) (?<name>\w+)")]
    private static partial Regex PublicTopLevelType();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);")]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex UnfinishedWork();

    // What a mount in a Dockerfile aims at is the image's own.
    [GeneratedRegex(@"(?<!target=)(?<![\w.~$}/-])/(home|root|Users|work)/")]
    private static partial Regex PathOfOneMachine();
}
