using static TorchSharp.torch;

namespace Ppma.Video.Augmentation;

/// <summary>One operation with its argument.</summary>
/// <param name="Operation">What to do.</param>
/// <param name="Argument">How strongly, in the operation's own unit; ignored by operations without one.</param>
public readonly record struct Augment(AugmentationOperation Operation, double Argument = 0)
{
    /// <summary>Applies it to frames, (frames, 3, height, width) in 0..1. The result is a new tensor.</summary>
    public Tensor Apply(Tensor video)
    {
        using var scope = NewDisposeScope();
        return Compute(video).alias().MoveToOuterDisposeScope();
    }

    private Tensor Compute(Tensor video) => Operation switch
    {
        AugmentationOperation.AdjustBrightness => ColourOperations.AdjustBrightness(video, Argument),
        AugmentationOperation.AdjustContrast => ColourOperations.AdjustContrast(video, Argument),
        AugmentationOperation.AdjustSaturation => ColourOperations.AdjustSaturation(video, Argument),
        AugmentationOperation.AdjustSharpness => ColourOperations.AdjustSharpness(video, Argument),
        AugmentationOperation.AutoContrast => ColourOperations.AutoContrast(video),
        AugmentationOperation.Equalize => ColourOperations.Equalize(video),
        AugmentationOperation.Invert => ColourOperations.Invert(video),
        AugmentationOperation.Rotate => GeometricOperations.Rotate(video, Argument),
        AugmentationOperation.Posterize => ColourOperations.Posterize(video, (int)Argument),
        AugmentationOperation.Solarize => ColourOperations.Solarize(video, Argument),
        AugmentationOperation.ShearX => GeometricOperations.ShearX(video, Argument),
        AugmentationOperation.ShearY => GeometricOperations.ShearY(video, Argument),
        AugmentationOperation.TranslateX => GeometricOperations.TranslateX(video, Argument),
        AugmentationOperation.TranslateY => GeometricOperations.TranslateY(video, Argument),
        _ => throw new ArgumentOutOfRangeException(nameof(video), Operation, "Unknown augmentation operation."),
    };
}
