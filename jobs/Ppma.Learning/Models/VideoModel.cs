using System.Security.Cryptography;
using System.Text;
using Ppma.Datasets.Randomness;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ppma.Learning.Models;

/// <summary>A model that owns its parameters under their published names, on the device it was made for.</summary>
public abstract class VideoModel : IDisposable
{
    private readonly OrderedDictionary<string, Parameter> parameters = [];
    private readonly OrderedDictionary<string, Tensor> tables = [];
    private readonly long seed;

    /// <exception cref="ArgumentException"><paramref name="options"/> has problems; all are named.</exception>
    private protected VideoModel(VisionTransformerOptions options, long seed, Device? device)
    {
        options.Validate();
        Options = options;
        Device = device ?? CPU;
        this.seed = seed;
    }

    public VisionTransformerOptions Options { get; }

    public Device Device { get; }

    /// <summary>True while training: stochastic depth is active.</summary>
    public bool Training { get; set; } = true;

    /// <summary>
    /// True where backward computes the blocks again instead of keeping what it needs of them: less memory, a third more arithmetic, the same
    /// numbers. An adaptive average, whose weights are no parameters, keeps them all the same. The default value is false.
    /// </summary>
    public bool RecomputesBlocks { get; set; }

    /// <summary>What can be learned, by published name, in the order of the forward pass.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => parameters;

    /// <summary>Parameters and fixed tables: what a checkpoint of this model holds. The tensors stay the model's own.</summary>
    public IReadOnlyDictionary<string, Tensor> State =>
        parameters.Select(p => KeyValuePair.Create(p.Key, (Tensor)p.Value)).Concat(tables).ToDictionary();

    /// <summary>Parameters that are not frozen.</summary>
    public IEnumerable<KeyValuePair<string, Parameter>> TrainableParameters => parameters.Where(p => p.Value.requires_grad);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        foreach (var owned in parameters.Values.Concat(tables.Values))
        {
            owned.Dispose();
        }
    }

    private protected Tensor Weight(string name) => parameters.TryGetValue(name, out var parameter) ? parameter : tables[name];

    private protected void AddTable(string name, Tensor table) => tables.Add(name, table.DetachFromDisposeScope());

    /// <summary>
    /// Adds a parameter and fills it from a generator keyed by the seed and the parameter's own name: models that
    /// share a part start with the same numbers there.
    /// </summary>
    private protected void AddParameter(string name, long[] shape, Initializer initialize)
    {
        using var scope = NewDisposeScope();
        long parameter = BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        using var generator = new Generator(new PhiloxStream(seed, RandomPurpose.Initialisation, sample: parameter).NextUInt32(), CPU);
        var values = empty(shape, dtype: float32);
        initialize(values, generator);
        parameters.Add(name, (Parameter)new Parameter(values.to(Device), requires_grad: true).DetachFromDisposeScope());
    }

    private protected void AddLinear(string name, long inputs, long outputs, Initializer weight)
    {
        AddParameter(name + ".weight", [outputs, inputs], weight);
        AddParameter(name + ".bias", [outputs], Initializers.Constant(0));
    }

    private protected void AddNorm(string name, long dim)
    {
        AddParameter(name + ".weight", [dim], Initializers.Constant(1));
        AddParameter(name + ".bias", [dim], Initializers.Constant(0));
    }

    private protected void AddBlock(string name, long dim, Initializer weight)
    {
        AddNorm(name + ".norm1", dim);
        AddLinear(name + ".attn.qkv", dim, 3 * dim, weight);
        AddLinear(name + ".attn.proj", dim, dim, weight);
        AddNorm(name + ".norm2", dim);
        AddLinear(name + ".mlp.fc1", dim, 4 * dim, weight);
        AddLinear(name + ".mlp.fc2", 4 * dim, dim, weight);
    }

    /// <summary>The trunk without the MAE's decoder; <paramref name="weight"/> fills the linear layers of the blocks.</summary>
    private protected void AddTrunk(Initializer weight)
    {
        AddTable(TrunkNames.Positions, SinePositions.Table(Options.Tokens, Options.Dim, Device));
        AddParameter(
            TrunkNames.PatchEmbedding + ".weight",
            [Options.Dim, VisionTransformerOptions.Channels, Options.Patch.Frames, Options.Patch.Height, Options.Patch.Width],
            Initializers.Xavier);
        AddParameter(TrunkNames.PatchEmbedding + ".bias", [Options.Dim], Initializers.Uniform(1 / Math.Sqrt(Options.PatchValues)));
        for (int block = 0; block < Options.Depth; block++)
        {
            AddBlock(TrunkNames.Block(block), Options.Dim, weight);
        }

        AddNorm(TrunkNames.Norm, Options.Dim);
    }
}
