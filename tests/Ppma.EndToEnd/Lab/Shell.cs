using System.Diagnostics;

namespace Ppma.EndToEnd.Lab;

/// <summary>Runs a program to its end and gives what it printed; one that fails is told with its arguments and its errors.</summary>
public static class Shell
{
    /// <summary>Standard output of a program that ends with 0.</summary>
    /// <exception cref="ShellException">It is not there, or ended with another code.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string? input = null, CancellationToken cancellationToken = default)
    {
        (int code, string output, string errors) = await TryAsync(program, arguments, input, cancellationToken);
        return code == 0 ? output : throw new ShellException(program, arguments, code, output, errors);
    }

    /// <summary>The same, whatever its exit code.</summary>
    /// <exception cref="ShellException">It is not there.</exception>
    public static async Task<(int Code, string Output, string Errors)> TryAsync(
        string program, IEnumerable<string> arguments, string? input = null, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new ShellException(program, arguments, -1, "", $"{error.Message}. eng/setup.sh --e2e installs what the end-to-end tests need.");
        }

        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.StandardInput.WriteAsync((input ?? "").AsMemory(), cancellationToken);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
