using System.Globalization;
using System.Text.Json;
using Ppma.Learning.Checkpoints;
using Ppma.Learning.Models;
using static TorchSharp.torch;

namespace Ppma.Parity.Tests.Learning;

/// <summary>A golden safetensors file: tensors by prefix, the configuration from its metadata.</summary>
internal sealed class GoldenModel : IDisposable
{
    private readonly SafetensorsFile file;

    private GoldenModel(SafetensorsFile file)
    {
        this.file = file;
        using var config = JsonDocument.Parse(file.Metadata["config"]);
        var root = config.RootElement;
        int[] patch = [.. root.GetProperty("patch").EnumerateArray().Select(axis => axis.GetInt32())];
        Options = new VisionTransformerOptions
        {
            Frames = root.GetProperty("frames").GetInt32(),
            Size = root.GetProperty("size").GetInt32(),
            Patch = new PatchSize(patch[0], patch[1], patch[2]),
            Dim = root.GetProperty("dim").GetInt32(),
            Depth = root.GetProperty("depth").GetInt32(),
            Heads = root.GetProperty("heads").GetInt32(),
            DecoderDim = root.GetProperty("dec_dim").GetInt32(),
            DecoderDepth = root.GetProperty("dec_depth").GetInt32(),
            DecoderHeads = root.GetProperty("dec_heads").GetInt32(),
        };
    }

    public VisionTransformerOptions Options { get; }

    public int Classes => int.Parse(file.Metadata["classes"], CultureInfo.InvariantCulture);

    /// <summary>What the file says of itself; may be empty.</summary>
    public string About => file.Metadata.GetValueOrDefault("about", "");

    public static GoldenModel Read(string name) => new(SafetensorsFile.Read(GoldenFolder.PathOf(name)));

    public Tensor this[string name] => file.Tensors[name];

    /// <summary>The tensors under a prefix, such as <c>state.</c>, by the name that follows it.</summary>
    public IReadOnlyDictionary<string, Tensor> Under(string prefix) => file.Tensors
        .Where(tensor => tensor.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(tensor => tensor.Key[prefix.Length..], tensor => tensor.Value);

    public void Dispose() => file.Dispose();
}
