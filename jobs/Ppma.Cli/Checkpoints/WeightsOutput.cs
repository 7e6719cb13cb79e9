using System.CommandLine;
using System.Security.Cryptography;
using Ppma.Api.Resolution;
using Ppma.Api.Tasks;
using Ppma.Cli.Explaining;
using Ppma.Learning.Checkpoints;
using static TorchSharp.torch;

namespace Ppma.Cli.Checkpoints;

/// <summary>How import and export write safetensors: whole or not at all, over nothing that is there, with what a manifest needs.</summary>
internal static class WeightsOutput
{
    private const string Extension = ".safetensors";

    public static Argument<string> Out { get; } = new("OUT.safetensors") { Description = "File to write." };

    public static Option<bool> Force { get; } = new("--force") { Description = "Replace a file that is there already." };

    public static Option<WeightsType> Dtype { get; } = new("--dtype")
    {
        Description = "Element type to write weights in.", DefaultValueFactory = _ => WeightsType.Float32,
    };

    /// <summary>Writes each state dict to its file and says what a manifest needs of it.</summary>
    /// <param name="files">Path and tensors.</param>
    /// <param name="source">The file they are from, whose digest goes into the metadata.</param>
    /// <param name="options">Of the command line.</param>
    /// <exception cref="TaskFailedException">64: a file is there, has another extension, or a number does not fit its type.</exception>
    public static async Task WriteAsync(
        IReadOnlyList<(string Path, IReadOnlyDictionary<string, Tensor> Tensors)> files, WeightsFile source, ParseResult options)
    {
        foreach (string path in files.Select(file => file.Path))
        {
            RequireWritable(path, options.GetValue(Force));
        }

        var metadata = new Dictionary<string, string> { ["source_sha256"] = source.Digest() };
        foreach ((string path, IReadOnlyDictionary<string, Tensor> tensors) in files)
        {
            using var scope = NewDisposeScope();
            var converted = tensors.ToDictionary(entry => entry.Key, entry => Convert(entry.Key, entry.Value, options.GetValue(Dtype)));
            SafetensorsFile.Write(path, converted, metadata);
            await SayAsync(path, converted, options.InvocationConfiguration.Output);
        }
    }

    private static void RequireWritable(string path, bool force)
    {
        if (Path.GetExtension(path) != Extension)
        {
            throw new TaskFailedException(ExitCodes.BadSpec, $"{path}: only {Extension} files are written; PyTorch reads them with safetensors.torch.load_file. Give the output that extension.");
        }

        if (File.Exists(path) && !force)
        {
            throw new TaskFailedException(ExitCodes.BadSpec, $"{path}: is there already; choose another name, or replace it with --force.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            throw new TaskFailedException(ExitCodes.BadSpec, $"{path}: its folder does not exist; make it first.");
        }
    }

    private static Tensor Convert(string name, Tensor tensor, WeightsType type)
    {
        if (!tensor.is_floating_point())
        {
            return tensor;
        }

        Tensor converted = tensor.to_type(type switch { WeightsType.BFloat16 => ScalarType.BFloat16, WeightsType.Float16 => ScalarType.Float16, _ => ScalarType.Float32 });
        return type != WeightsType.Float16 || !converted.isinf().any().item<bool>()
            ? converted
            : throw new TaskFailedException(ExitCodes.BadSpec, $"tensor '{name}' has numbers beyond float16's 65,504; write --dtype BFloat16 or Float32.");
    }

    private static async Task SayAsync(string path, Dictionary<string, Tensor> tensors, TextWriter output)
    {
        using var stream = File.OpenRead(path);
        string digest = System.Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
        WeightsShape? shape = WeightsShape.Of(tensors.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<long>)entry.Value.shape));
        await output.WriteLineAsync($"{path}: {tensors.Count} tensors, {Amounts.Count(tensors.Values.Sum(tensor => tensor.numel()))} numbers, {Amounts.Of(stream.Length, "B")}");
        foreach (string line in WeightsText.Lines(shape))
        {
            await output.WriteLineAsync($"  {line}");
        }

        await output.WriteLineAsync($"  weights: {{fromCheckpoint: {{uri: \"{FileUris.FromPath(path)}\", sha256: {digest}, objective: {WeightsText.ObjectiveOf(shape)}}}}}");
    }
}
