using System.Diagnostics;

namespace Ppma.Monitoring.Tests;

/// <summary>Prometheus' own checker.</summary>
internal static class Promtool
{
    /// <summary>Runs it, and fails with what it says when it finds anything wrong.</summary>
    public static async Task RunAsync(params string[] args)
    {
        (int code, string output) = await TryAsync(args);
        Assert.True(code == 0, $"promtool {string.Join(' ', args)} ended with {code}:\n{output}");
    }

    public static async Task<(int ExitCode, string Output)> TryAsync(params string[] args)
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "promtool"))),
            "promtool is not installed (Debian package prometheus; eng/setup.sh --tests says how).");
        using Process promtool = Process.Start(new ProcessStartInfo("promtool", args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (promtool.ExitCode, output + await errors);
    }
}
