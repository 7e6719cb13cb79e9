using System.Text;
using Ppma.Api.Schemas;

namespace Ppma.Api.Tests.Schemas;

/// <summary>What is committed is what the types say now.</summary>
public sealed class GeneratedFilesTests
{
    private const int MostBytes = 100_000;

    private static readonly string Committed = Path.Combine(AppContext.BaseDirectory, "Generated");

    private static readonly IReadOnlyDictionary<string, string> Made = GeneratedFiles.All();

    public static TheoryData<string> Files => [.. Made.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void File_AsCommitted_IsWhatTheTypesSay(string file)
    {
        var path = Path.Combine(Committed, file);

        Assert.True(File.Exists(path) && File.ReadAllText(path) == Made[file], $"{file} is stale; run \"make crds\" and commit it.");
    }

    [Fact]
    public void Folder_OfDefinitions_HoldsNoOthers() => Assert.Equal(
        Made.Keys.Where(file => file.StartsWith("charts/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Path.Combine(Committed, "charts"), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Committed, file)).Order(StringComparer.Ordinal));

    // kubectl keeps a whole definition in an annotation of at most 256 KiB.
    [Theory]
    [MemberData(nameof(Files))]
    public void File_AnyOfThem_IsSmall(string file) => Assert.InRange(Encoding.UTF8.GetByteCount(Made[file]), 1, MostBytes);
}
