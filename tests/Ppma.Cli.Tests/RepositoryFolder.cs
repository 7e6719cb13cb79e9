namespace Ppma.Cli.Tests;

/// <summary>The clone that the tests run in: they try its examples and scripts.</summary>
internal static class RepositoryFolder
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "PPMA.Cloud.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run outside a clone of the repository.");
        }

        return folder.FullName;
    }
}
