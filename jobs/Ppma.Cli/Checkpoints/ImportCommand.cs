using System.CommandLine;
using Ppma.Api.Tasks;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using static TorchSharp.torch;

namespace Ppma.Cli.Checkpoints;

/// <summary><c>ppma checkpoint import</c>: a published PyTorch file to safetensors, under the published names.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string> Published = new("FILE.pt") { Description = "A file of torch.save: {\"model\": …} or {\"ensemble_weights\": [ … ]}." };

    private static readonly Option<int?> Model = new("--model") { Description = "Of an ensemble, this model alone, counted from 0.", HelpName = "N" };

    private static readonly Option<bool> Average = new("--average") { Description = "Of an ensemble, the plain mean of its models." };

    public static Command Create()
    {
        Command command = new("import", "Turn a published .pt file into safetensors; an ensemble becomes a file a model, OUT-0, OUT-1, …")
        {
            Published, WeightsOutput.Out, Model, Average, WeightsOutput.Dtype, WeightsOutput.Force,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Average) && result.GetValue(Model) is not null)
            {
                result.AddError("--model and --average exclude each other: one model, or the mean of all.");
            }
        });
        command.SetAction((options, _) => CheckpointCommand.RunAsync(() => ImportAsync(options)));
        return command;
    }

    private static async Task ImportAsync(ParseResult options)
    {
        string path = options.GetRequiredValue(Published);
        if (Path.GetExtension(path) is not (".pt" or ".pth"))
        {
            throw new TaskFailedException(ExitCodes.BadSpec, $"{path}: import reads .pt and .pth files; safetensors and checkpoint folders are for ppma checkpoint export.");
        }

        using WeightsFile weights = WeightsFile.Read(path);
        using var scope = NewDisposeScope();
        await WeightsOutput.WriteAsync(Files(weights, options), weights, options);
    }

    private static (string Path, IReadOnlyDictionary<string, Tensor> Tensors)[] Files(WeightsFile weights, ParseResult options)
    {
        string output = options.GetRequiredValue(WeightsOutput.Out);
        if (options.GetValue(Average))
        {
            return [(output, PlainAverage.Of(weights.Models))];
        }

        if (options.GetValue(Model) is { } number)
        {
            return number >= 0 && number < weights.Models.Count
                ? [(output, weights.Models[number])]
                : throw new TaskFailedException(ExitCodes.BadSpec, $"--model is {number}, but {weights.Path} holds {weights.Models.Count}, counted from 0.");
        }

        return weights.Models.Count == 1
            ? [(output, weights.Models[0])]
            : [.. weights.Models.Select((model, member) => ($"{Path.ChangeExtension(output, null)}-{member}{Path.GetExtension(output)}", model))];
    }
}
