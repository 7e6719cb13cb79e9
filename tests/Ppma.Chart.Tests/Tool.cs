using System.ComponentModel;
using System.Diagnostics;

namespace Ppma.Chart.Tests;

/// <summary>A program of the machine, run to its end.</summary>
internal static class Tool
{
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Nobody's cluster: nothing here may depend on one.
        start.Environment["KUBECONFIG"] = "/dev/null";
        using Process process = Process.Start(start)!;
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Whether the program starts and answers with 0.</summary>
    public static async Task<bool> AnswersAsync(string program, params string[] arguments)
    {
        try
        {
            return (await RunAsync(program, arguments)).Code == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
