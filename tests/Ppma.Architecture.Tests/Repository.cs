using System.Diagnostics;

namespace Ppma.Architecture.Tests;

/// <summary>The source tree that the tests were built from: what git tracks, and new files it does not ignore.</summary>
internal static class Repository
{
    private static readonly string[] BinaryEndings = [".safetensors", ".pt", ".mp4", ".avi", ".webm", ".png", ".jpg", ".tar"];

    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to <see cref="Root"/>, with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = ListFiles();

    public static IEnumerable<string> TextFiles => Files.Where(file => !BinaryEndings.Contains(Path.GetExtension(file)));

    /// <summary>C# of the product, without the tests.</summary>
    public static IEnumerable<string> ProductCode =>
        Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal) &&
            (file.StartsWith("operator/", StringComparison.Ordinal) || file.StartsWith("jobs/", StringComparison.Ordinal)));

    public static string[] ReadLines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PPMA.Cloud.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds PPMA.Cloud.sln; run the tests from a clone.");
    }

    private static List<string> ListFiles()
    {
        var start = new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start) ?? throw new InvalidOperationException("git did not start.");
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, $"git ls-files ended with {git.ExitCode} in {Root}; run the tests from a clone.");
        return output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(file => File.Exists(Path.Combine(Root, file)))
            .Order(StringComparer.Ordinal)
            .ToList();
    }
}
