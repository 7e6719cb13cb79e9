using System.Text.Json;

namespace Ppma.Parity.Tests;

/// <summary>Files computed by the published code: in the folder PPMA_GOLDEN names, or in the repository's copy.</summary>
internal static class GoldenFolder
{
    private static readonly string Root =
        Environment.GetEnvironmentVariable("PPMA_GOLDEN") is { Length: > 0 } named
            ? Path.GetFullPath(named)
            : Path.Combine(AppContext.BaseDirectory, "Golden");

    /// <summary>Names, relative to the folder, of every file of one kind, such as <c>mae-*.safetensors</c>.</summary>
    public static TheoryData<string> Files(string pattern)
    {
        var names = Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal).ToList();
        return names.Count > 0
            ? [.. names]
            : throw new FileNotFoundException($"The golden folder '{Root}' holds no file '{pattern}'. Set PPMA_GOLDEN to a folder that does.");
    }

    public static string PathOf(string name) => Path.Combine(Root, name);

    public static JsonDocument Json(string name) => JsonDocument.Parse(File.ReadAllBytes(PathOf(name)));
}
