using System.CommandLine;
using Ppma.Cli.Explaining;
using Ppma.Learning.Checkpoints;
using static TorchSharp.torch;

namespace Ppma.Cli.Checkpoints;

/// <summary><c>ppma checkpoint inspect</c>: what a file or folder of weights holds, and which model it fits.</summary>
internal static class InspectCommand
{
    private static readonly Argument<string> Weights = new("FILE|FOLDER")
    {
        Description = "A .safetensors or .pt file, a checkpoint's folder, or a run's folder of checkpoints (its newest whole one).",
    };

    public static Command Create()
    {
        Command command = new("inspect", "Say what weights are: model, parameters, digest, every tensor.") { Weights };
        command.SetAction((options, _) => CheckpointCommand.RunAsync(() => WriteAsync(options.GetRequiredValue(Weights), options.InvocationConfiguration.Output)));
        return command;
    }

    private static async Task WriteAsync(string path, TextWriter output)
    {
        using WeightsFile weights = WeightsFile.Read(path);
        await output.WriteLineAsync($"file        {weights.Path}");
        await output.WriteLineAsync($"kind        {Kind(weights)}");
        await output.WriteLineAsync($"sha256      {weights.Digest()}");
        await output.WriteLineAsync($"training    {Training(weights)}");
        foreach ((string name, string about) in weights.Others)
        {
            await output.WriteLineAsync($"also        {Printable(name)}: {Printable(about)}");
        }

        for (int model = 0; model < weights.Models.Count; model++)
        {
            await output.WriteLineAsync();
            await WriteModelAsync(weights, model, output);
        }
    }

    private static async Task WriteModelAsync(WeightsFile weights, int number, TextWriter output)
    {
        IReadOnlyDictionary<string, Tensor> model = weights.Models[number];
        IReadOnlyDictionary<string, ScalarType> types = weights.StoredTypes[number];
        foreach (string line in WeightsText.Lines(WeightsShape.Of(model.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<long>)entry.Value.shape))))
        {
            await output.WriteLineAsync($"{(weights.Models.Count > 1 ? $"model {number}" : "model"),-12}{line}");
        }

        (string Name, string Type, string Shape, long Bytes)[] rows =
        [
            .. model.Select(entry => (
                Printable(entry.Key), $"{types[entry.Key]}", string.Join('×', entry.Value.shape), entry.Value.numel() * SizeOf(types[entry.Key]))),
        ];
        await output.WriteLineAsync(
            $"{"tensors",-12}{rows.Length}, {Amounts.Count(model.Values.Sum(tensor => tensor.numel()))} numbers, {Amounts.Of(rows.Sum(row => row.Bytes), "B")}");
        int width = rows.Max(row => row.Name.Length);
        foreach (var (name, type, shape, bytes) in rows)
        {
            await output.WriteLineAsync($"  {name.PadRight(width)}  {type,-8}  {shape,-16}  {Amounts.Count(bytes),14}");
        }
    }

    private static string Kind(WeightsFile weights) => (Path.GetExtension(weights.Path), weights) switch
    {
        (_, { Checkpoint: { } checkpoint }) => $"checkpoint of step {Amounts.Count(checkpoint.Step)}, {checkpoint.Files.Count} files, {Amounts.Of(checkpoint.Files.Sum(file => file.Bytes), "B")}",
        (".pt" or ".pth", { Models.Count: > 1 and var members }) => $"PyTorch file, ensemble of {members} models",
        (".pt" or ".pth", _) => "PyTorch file, one model",
        _ => "safetensors",
    };

    private static string Training(WeightsFile weights) =>
        weights.Checkpoint is { } checkpoint ? $"goes on from here: {string.Join(", ", checkpoint.Files.Select(file => file.Name))}"
        : weights.Others.ContainsKey("optimizer") ? "PyTorch's optimiser state is in the file; ppma takes the weights alone"
        : "weights alone, no optimiser state";

    private static long SizeOf(ScalarType type) => type switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        _ => 1,
    };

    // A file's names may hold what a terminal obeys.
    private static string Printable(string text) => string.Concat(text.Select(character => char.IsControl(character) ? '\ufffd' : character));
}
