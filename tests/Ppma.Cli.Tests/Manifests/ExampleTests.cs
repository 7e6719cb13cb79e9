namespace Ppma.Cli.Tests.Manifests;

/// <summary>Manifests that people copy are right.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Examples { get; } =
        [.. Directory.GetDirectories(Path.Combine(RepositoryFolder.Path, "examples")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Validate_AnExample_FindsNoProblem(string example)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        int code = await PpmaCommand.RunAsync(
            ["validate", "-f", Path.Combine(RepositoryFolder.Path, "examples", example)], output, error, TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (code, error.ToString()));
    }
}
