using System.ComponentModel.DataAnnotations;
using Ppma.Api.Schemas;

namespace Ppma.Api.Recipes;

/// <summary>The architecture: a preset, and what differs from it.</summary>
public sealed record ModelSpec
{
    /// <summary>What the rest differs from; one of <see cref="ModelPresets.All"/>.</summary>
    [Required, MaxLength(63)]
    public string Preset { get; init; } = ModelPresets.VitB;

    /// <summary>Frames of a clip.</summary>
    [Range(1, 1024)]
    public int? Frames { get; init; }

    /// <summary>Height and width of the input, pixels.</summary>
    [Range(1, 4096)]
    public int? Size { get; init; }

    /// <summary>Patch size: frames, height, width.</summary>
    [MinLength(3), MaxLength(3), Items(Minimum = 1, Maximum = 4096)]
    public IList<int>? Patch { get; init; }

    /// <summary>Width of the encoder.</summary>
    [Range(1, 65_536)]
    public int? Dim { get; init; }

    /// <summary>Blocks of the encoder.</summary>
    [Range(1, 1024)]
    public int? Depth { get; init; }

    /// <summary>Attention heads of the encoder.</summary>
    [Range(1, 1024)]
    public int? Heads { get; init; }

    /// <summary>Width of the decoder (MaskedAutoencoding).</summary>
    [Range(1, 65_536)]
    public int? DecoderDim { get; init; }

    /// <summary>Blocks of the decoder.</summary>
    [Range(1, 1024)]
    public int? DecoderDepth { get; init; }

    /// <summary>Attention heads of the decoder.</summary>
    [Range(1, 1024)]
    public int? DecoderHeads { get; init; }
}
