using System.CommandLine;
using Ppma.Api.Tasks;
using Ppma.Cli.Checkpoints;
using Ppma.Cli.Datasets;
using Ppma.Cli.Explaining;
using Ppma.Cli.Manifests;
using Ppma.Cli.Running;
using Ppma.Datasets;

namespace Ppma.Cli;

/// <summary>The command line's table of contents: one command a file, folder = feature.</summary>
internal static class PpmaCommand
{
    public static RootCommand Create() => new("Pre-train and evaluate action recognition models without real humans.")
    {
        ValidateCommand.Create(),
        ExplainCommand.Create(),
        RunCommand.Create(),
        DatasetCommand.Create(),
        CheckpointCommand.Create(),
    };

    /// <summary>
    /// Parses and runs. A command throws <see cref="TaskFailedException"/> or an exception whose message already names
    /// the object, the cause and the fix; the person sees that message alone, and the process ends with its exit code.
    /// </summary>
    public static async Task<int> RunAsync(
        string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var parse = Create().Parse(args);
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
        };
        if (parse.CommandResult.Command is RunCommand)
        {
            // It takes as long as it takes to stop at a step, and listens to signals itself.
            configuration.ProcessTerminationTimeout = null;
        }

        try
        {
            return await parse.InvokeAsync(configuration, cancellationToken);
        }
        catch (TaskFailedException failure)
        {
            await error.WriteLineAsync($"ppma: {failure.Message}");
            return failure.ExitCode;
        }
        catch (DatasetFormatException failure)
        {
            await error.WriteLineAsync($"ppma: {failure.Message}");
            return failure.Fault is DatasetFault.Malformed ? 1 : ExitCodes.DataDigestMismatch;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("ppma: interrupted");
            return ExitCodes.Interrupted;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await error.WriteLineAsync($"ppma: {failure.Message}");
            return 1;
        }
    }
}
