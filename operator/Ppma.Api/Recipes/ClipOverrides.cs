using System.ComponentModel.DataAnnotations;
using Ppma.Api.Schemas;
using Ppma.Api.Tasks;

namespace Ppma.Api.Recipes;

/// <summary>How clips are cut, where it differs from the preset.</summary>
[Rule("!has(self.cropScaleMin) || !has(self.cropScaleMax) || self.cropScaleMin <= self.cropScaleMax", "cropScaleMin must not be above cropScaleMax")]
[Rule("!has(self.cropRatioMin) || !has(self.cropRatioMax) || self.cropRatioMin <= self.cropRatioMax", "cropRatioMin must not be above cropRatioMax")]
public sealed record ClipOverrides
{
    /// <summary>Length of the window the frames are drawn from.</summary>
    [Range(0.001, 3600)]
    public double? ClipSeconds { get; init; }

    /// <summary>Short side after scaling, pixels; 0 keeps the stored size.</summary>
    [Range(0, 4096)]
    public int? ShortSide { get; init; }

    /// <summary>How decoded frames become numbers.</summary>
    public PixelPath? PixelPath { get; init; }

    /// <summary>Random resized crop: smallest share of the area.</summary>
    [Range(0.0001, 1)]
    public double? CropScaleMin { get; init; }

    /// <summary>Random resized crop: largest share of the area.</summary>
    [Range(0.0001, 1)]
    public double? CropScaleMax { get; init; }

    /// <summary>Random resized crop: smallest ratio of width to height.</summary>
    [Range(0.01, 100)]
    public double? CropRatioMin { get; init; }

    /// <summary>Random resized crop: largest ratio of width to height.</summary>
    [Range(0.01, 100)]
    public double? CropRatioMax { get; init; }

    internal static ClipShape Apply(ClipOverrides? overrides, ClipShape preset) => overrides is null ? preset : new()
    {
        ClipSeconds = overrides.ClipSeconds ?? preset.ClipSeconds,
        ShortSide = overrides.ShortSide ?? preset.ShortSide,
        PixelPath = overrides.PixelPath ?? preset.PixelPath,
        CropScaleMin = overrides.CropScaleMin ?? preset.CropScaleMin,
        CropScaleMax = overrides.CropScaleMax ?? preset.CropScaleMax,
        CropRatioMin = overrides.CropRatioMin ?? preset.CropRatioMin,
        CropRatioMax = overrides.CropRatioMax ?? preset.CropRatioMax,
    };
}
