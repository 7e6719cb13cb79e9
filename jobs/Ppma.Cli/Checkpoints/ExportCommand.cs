using System.CommandLine;
using Ppma.Api.Tasks;
using Ppma.Learning.Checkpoints;

namespace Ppma.Cli.Checkpoints;

/// <summary><c>ppma checkpoint export</c>: the weights of a checkpoint as one safetensors file, under the published names.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> Weights = new("FILE|FOLDER")
    {
        Description = "A checkpoint's folder, a run's folder of checkpoints (its newest whole one), or a .safetensors file.",
    };

    public static Command Create()
    {
        Command command = new("export", "Write a checkpoint's weights as safetensors, without optimiser and state.")
        {
            Weights, WeightsOutput.Out, WeightsOutput.Dtype, WeightsOutput.Force,
        };
        command.SetAction((options, _) => CheckpointCommand.RunAsync(() => ExportAsync(options)));
        return command;
    }

    private static async Task ExportAsync(ParseResult options)
    {
        using WeightsFile weights = WeightsFile.Read(options.GetRequiredValue(Weights));
        if (weights.Models.Count > 1)
        {
            throw new TaskFailedException(ExitCodes.BadSpec, $"{weights.Path} is an ensemble of {weights.Models.Count} models; take one with ppma checkpoint import --model N, or --average.");
        }

        await WeightsOutput.WriteAsync([(options.GetRequiredValue(WeightsOutput.Out), weights.Models[0])], weights, options);
    }
}
