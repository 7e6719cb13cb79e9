namespace Ppma.Chart.Tests;

/// <summary>The clone that the tests were built in: they read the chart where it lies, and refresh what is made from it there.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    /// <summary>Whether committed files are to be written instead of compared (<c>make chart-snapshots</c>).</summary>
    public static bool IsRefreshed { get; } = Environment.GetEnvironmentVariable("PPMA_REFRESH_SNAPSHOTS") == "true";

    public static string Chart { get; } = PathOf("charts/ppma-cloud");

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

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
}
