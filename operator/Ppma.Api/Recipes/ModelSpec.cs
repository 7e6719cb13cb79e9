using System.ComponentModel.DataAnnotations;

namespace Ppma.Api.Recipes;

/// <summary>The architecture: a preset, and what differs from it.</summary>
public sealed record ModelSpec
{
    /// <summary>One of <see cref="ModelPresets"/>.</summary>
    [Required, MaxLength(63)]
    public string Preset { get; init; } = ModelPresets.VitB;

    [Range(1, 1024)]
    public int? Frames { get; init; }

    /// <summary>Height and width of the input, pixels.</summary>
    [Range(1, 4096)]
    public int? Size { get; init; }

    /// <summary>Patch size: frames, height, width.</summary>
    [MinLength(3), MaxLength(3)]
    public IList<int>? Patch { get; init; }

    [Range(1, 65_536)]
    public int? Dim { get; init; }

    [Range(1, 1024)]
    public int? Depth { get; init; }

    [Range(1, 1024)]
    public int? Heads { get; init; }

    [Range(1, 65_536)]
    public int? DecoderDim { get; init; }

    [Range(1, 1024)]
    public int? DecoderDepth { get; init; }

    [Range(1, 1024)]
    public int? DecoderHeads { get; init; }
}
