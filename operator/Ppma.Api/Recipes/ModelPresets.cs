using Ppma.Api.Tasks;

namespace Ppma.Api.Recipes;

/// <summary>The architectures that have a name.</summary>
public static class ModelPresets
{
    /// <summary>ViT-B of the paper: 16 frames of 224×224, 94.2 M parameters with the decoder.</summary>
    public const string VitB = "vit-b";

    /// <summary>Small enough for two CPU cores: 8 frames of 32×32.</summary>
    public const string VitMini = "vit-mini";

    public static IReadOnlyDictionary<string, ModelShape> All { get; } = new Dictionary<string, ModelShape>(StringComparer.Ordinal)
    {
        [VitB] = new(),
        [VitMini] = new()
        {
            Frames = 8, Size = 32, Patch = [2, 8, 8],
            Dim = 128, Depth = 4, Heads = 4,
            DecoderDim = 64, DecoderDepth = 2, DecoderHeads = 4,
        },
    };

    /// <summary>The shape that <paramref name="model"/> names; its preset must be one of <see cref="All"/>.</summary>
    public static ModelShape Resolve(ModelSpec model)
    {
        var preset = All[model.Preset];
        return new ModelShape
        {
            Frames = model.Frames ?? preset.Frames,
            Size = model.Size ?? preset.Size,
            Patch = model.Patch is null ? preset.Patch : [.. model.Patch],
            Dim = model.Dim ?? preset.Dim,
            Depth = model.Depth ?? preset.Depth,
            Heads = model.Heads ?? preset.Heads,
            DecoderDim = model.DecoderDim ?? preset.DecoderDim,
            DecoderDepth = model.DecoderDepth ?? preset.DecoderDepth,
            DecoderHeads = model.DecoderHeads ?? preset.DecoderHeads,
        };
    }
}
