namespace Ppma.Video.Augmentation;

/// <summary>How a decoded clip becomes one view: what the model sees.</summary>
public sealed record ViewSettings
{
    /// <summary>Height and width of the view, pixels.</summary>
    public required int Size { get; init; }

    /// <summary>Short side to which the frames are scaled before the crop; 0 keeps their size. The default value is 256.</summary>
    public int ShortSide { get; init; } = 256;

    /// <summary>Smallest and largest share of the area that the training crop takes. The default value is 0.08 to 1.</summary>
    public (double Min, double Max) CropScale { get; init; } = (0.08, 1);

    /// <summary>Smallest and largest width / height of the training crop. The default value is 3/4 to 4/3.</summary>
    public (double Min, double Max) CropRatio { get; init; } = (3.0 / 4.0, 4.0 / 3.0);

    /// <summary>RandAugment in training; null for none.</summary>
    public RandAugment? RandAugment { get; init; }

    /// <summary>Random erasing in training; null for none.</summary>
    public RandomErasing? Erasing { get; init; }
}
