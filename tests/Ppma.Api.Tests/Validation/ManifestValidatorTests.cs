using Ppma.Api.Manifests;
using Ppma.Api.Validation;

namespace Ppma.Api.Tests.Validation;

public sealed class ManifestValidatorTests
{
    private const string ExpectationMark = "#> ";

    public static TheoryData<string> InvalidSamples => [.. Files("Invalid").Select(file => Path.GetFileName(file))];

    public static TheoryData<string> ExampleFolders =>
        [.. Files("Examples").Select(file => Path.GetRelativePath(Folder("Examples"), Path.GetDirectoryName(file)!)).Distinct()];

    /// <summary>Each sample begins with the messages it must give, and gives no other.</summary>
    [Theory]
    [MemberData(nameof(InvalidSamples))]
    public void Validate_InvalidSample_GivesTheMessagesAtItsTop(string sample)
    {
        var text = File.ReadAllText(Path.Combine(Folder("Invalid"), sample));
        var expected = text.Split('\n').TakeWhile(line => line.StartsWith(ExpectationMark, StringComparison.Ordinal));

        var problems = ManifestValidator.Validate(ManifestReader.Read([(sample, text)]));

        Assert.NotEmpty(problems);
        Assert.Equal(expected.Select(line => $"{sample}:{line[ExpectationMark.Length..]}"), problems.Select(problem => problem.ToString()));
    }

    [Theory]
    [MemberData(nameof(ExampleFolders))]
    public async Task Validate_Example_FindsNothing(string folder)
    {
        var set = await ManifestFiles.ReadAsync(Path.Combine(Folder("Examples"), folder), TestContext.Current.CancellationToken);

        Assert.Empty(ManifestValidator.Validate(set));
        Assert.NotEmpty(set.Manifests);
    }

    private static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, name);

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Folder(folder), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
}
