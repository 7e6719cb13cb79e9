using Ppma.Learning.Models;

namespace Ppma.Learning.Costs;

/// <summary>Names and shapes of a model's tensors, known without making it.</summary>
public sealed class ModelLayout
{
    private readonly List<ModelTensor> parameters = [];
    private readonly List<ModelTensor> tables = [];

    private ModelLayout()
    {
    }

    /// <summary>What can be learned.</summary>
    public IReadOnlyList<ModelTensor> Parameters => parameters;

    /// <summary>Fixed tables, which checkpoints hold too.</summary>
    public IReadOnlyList<ModelTensor> Tables => tables;

    /// <summary>Numbers that can be learned: 94.2 M for the paper's autoencoder, 86.2 M for its classification trunk.</summary>
    public long ParameterCount => parameters.Sum(tensor => tensor.Elements);

    /// <summary>Of <see cref="MaskedAutoencoder"/>: trunk, decoder and pixel head.</summary>
    public static ModelLayout OfMaskedAutoencoder(VisionTransformerOptions options)
    {
        var layout = new ModelLayout();
        layout.Add(TrunkNames.MaskToken, 1, options.Dim);
        layout.AddTrunk(options);
        layout.tables.Add(new(TrunkNames.DecoderPositions, [1, options.Tokens, options.Dim]));
        layout.AddLinear(TrunkNames.DecoderEmbedding, options.Dim, options.DecoderDim);
        for (int block = 0; block < options.DecoderDepth; block++)
        {
            layout.AddBlock(TrunkNames.DecoderBlock(block), options.DecoderDim);
        }

        layout.AddNorm(TrunkNames.DecoderNorm, options.DecoderDim);
        layout.AddLinear(TrunkNames.MaskedHead, options.DecoderDim, options.PatchValues);
        return layout;
    }

    /// <summary>Of <see cref="VideoClassifier"/>: trunk and a linear head of <paramref name="classes"/> outputs.</summary>
    public static ModelLayout OfClassifier(VisionTransformerOptions options, int classes)
    {
        var layout = new ModelLayout();
        layout.AddTrunk(options);
        layout.AddLinear(TrunkNames.ClassHead(0), options.Dim, classes);
        return layout;
    }

    /// <summary>Of <see cref="AdaptiveAverage"/>: scores and a linear head. The members themselves are no part of it.</summary>
    public static ModelLayout OfAdaptiveAverage(VisionTransformerOptions options, int classes, int members, bool scorePerTensor)
    {
        var layout = new ModelLayout();
        layout.tables.Add(Positions(options));
        layout.parameters.Add(new(TrunkNames.MixingRatio, scorePerTensor ? [members, TrunkOf(options).parameters.Count] : [members]));
        layout.AddLinear(TrunkNames.ClassHead(0), options.Dim, classes);
        return layout;
    }

    /// <summary>Of the trunk alone, without mask token, decoder and head.</summary>
    internal static ModelLayout TrunkOf(VisionTransformerOptions options)
    {
        var layout = new ModelLayout();
        layout.AddTrunk(options);
        return layout;
    }

    private static ModelTensor Positions(VisionTransformerOptions options) => new(TrunkNames.Positions, [1, options.Tokens, options.Dim]);

    private void AddTrunk(VisionTransformerOptions options)
    {
        tables.Add(Positions(options));
        Add(
            TrunkNames.PatchEmbedding + ".weight",
            options.Dim, VisionTransformerOptions.Channels, options.Patch.Frames, options.Patch.Height, options.Patch.Width);
        Add(TrunkNames.PatchEmbedding + ".bias", options.Dim);
        for (int block = 0; block < options.Depth; block++)
        {
            AddBlock(TrunkNames.Block(block), options.Dim);
        }

        AddNorm(TrunkNames.Norm, options.Dim);
    }

    private void AddBlock(string name, long dim)
    {
        AddNorm(name + ".norm1", dim);
        AddLinear(name + ".attn.qkv", dim, 3 * dim);
        AddLinear(name + ".attn.proj", dim, dim);
        AddNorm(name + ".norm2", dim);
        AddLinear(name + ".mlp.fc1", dim, 4 * dim);
        AddLinear(name + ".mlp.fc2", 4 * dim, dim);
    }

    private void AddLinear(string name, long inputs, long outputs)
    {
        Add(name + ".weight", outputs, inputs);
        Add(name + ".bias", outputs);
    }

    private void AddNorm(string name, long dim)
    {
        Add(name + ".weight", dim);
        Add(name + ".bias", dim);
    }

    private void Add(string name, params long[] shape) => parameters.Add(new(name, shape));
}
