using System.Diagnostics;

namespace Ppma.Testing;

/// <summary>Azurite's npm package, as eng/setup.sh installs it, run by node.</summary>
internal static class AzuriteProcess
{
    public static bool HasNode => FindOnPath("node") is not null;

    public static Task<(Uri Address, IAsyncDisposable Host)> StartAsync(string? folder, int port, CancellationToken cancellationToken)
    {
        const string Advice = "Run eng/setup.sh --tests, which installs what Azurite needs";
        string node = FindOnPath("node")
            ?? throw new InvalidOperationException($"Azurite cannot start: there is no node on the PATH and no Docker engine. {Advice}; where an engine runs, {AzuriteServer.Choice}=container does without node.");
        string package = Path.Combine(FindRepository(), "tests", "Ppma.Testing", "azurite");
        if (!Directory.Exists(Path.Combine(package, "node_modules", "azurite")))
        {
            throw new InvalidOperationException($"Azurite cannot start: it is not in {Path.Combine(package, "node_modules")}. {Advice}.");
        }

        string[] storage = folder is null ? ["--inMemoryPersistence"] : ["--location", folder];
        string[] arguments =
            ["serve.cjs", "--blobHost", "127.0.0.1", "--blobPort", $"{port}", "--disableTelemetry", "--skipApiVersionCheck", "--disableProductStyleUrl", "--silent", .. storage];
        return ChildServer.StartAsync("Azurite", new ProcessStartInfo(node, arguments) { WorkingDirectory = package }, cancellationToken);
    }

    private static string? FindOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PPMA.Cloud.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds PPMA.Cloud.sln; run the tests from a clone.");
    }
}
