using System.CommandLine;
using Ppma.Api.Tasks;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Interop;

namespace Ppma.Cli.Checkpoints;

/// <summary><c>ppma checkpoint …</c>: look into weights, take them in and give them away.</summary>
internal static class CheckpointCommand
{
    public static Command Create() => new("checkpoint", "Look into weights, import published ones, export one's own.")
    {
        InspectCommand.Create(),
        ImportCommand.Create(),
        ExportCommand.Create(),
    };

    /// <summary>Runs what reads weights; its failures are the person's to read, not stack traces.</summary>
    /// <exception cref="TaskFailedException">68 when the weights cannot be used.</exception>
    public static Task<int> RunAsync(Func<Task> read)
    {
        LibTorchSelfTest.Run();
        return RunAsync();

        async Task<int> RunAsync()
        {
            try
            {
                await read();
                return ExitCodes.Done;
            }
            catch (Exception failure) when (failure is CheckpointFormatException or WeightsMismatchException or NoUsableCheckpointException)
            {
                throw new TaskFailedException(ExitCodes.NoUsableCheckpoint, failure.Message, failure);
            }
        }
    }
}
