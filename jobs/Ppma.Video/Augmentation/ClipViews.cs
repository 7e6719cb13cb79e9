using Ppma.Datasets.Randomness;
using Ppma.Video.Sampling;
using static TorchSharp.torch;

namespace Ppma.Video.Augmentation;

/// <summary>
/// Turns decoded clips into views, (3, frames, size, size): colours in 0..1 in single precision, not yet normalised. In training a
/// random crop and the augmentations, in evaluation the three crops along the long side.
/// </summary>
public sealed class ClipViews(ViewSettings settings)
{
    /// <summary>Decoded bytes (frames, height, width, 3) as colours in 0..1 at the short side asked for. Made once for all views of a clip.</summary>
    public Tensor Prepare(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        Tensor colours = FrameTransforms.ToColours(pixels);
        Tensor scaled = settings.ShortSide == 0 ? colours : FrameTransforms.ScaleShortSide(colours, settings.ShortSide);
        return scaled.MoveToOuterDisposeScope();
    }

    /// <summary>One training view of prepared frames.</summary>
    public Tensor Train(Tensor prepared, ViewName name)
    {
        using var scope = NewDisposeScope();
        CropBox box = SpatialSampling.RandomResizedCrop(
            (int)prepared.shape[^2], (int)prepared.shape[^1], settings.CropScale, settings.CropRatio, name.Open(RandomPurpose.Crop));
        Tensor view = FrameTransforms.ResizedCrop(prepared, box, settings.Size, settings.Size);
        if (settings.RandAugment is { } randAugment)
        {
            view = RandAugment.Apply(view, randAugment.Draw(name.Open(RandomPurpose.RandAugment)));
        }

        return ToClip(view).MoveToOuterDisposeScope();
    }

    /// <summary>What is erased of a training view once it is normalised, and the stream that goes on with the noise; null for nothing.</summary>
    public (CropBox Box, PhiloxStream Random)? DrawErasing(ViewName name)
    {
        PhiloxStream random = name.Open(RandomPurpose.Erasing);
        return settings.Erasing?.Draw(settings.Size, settings.Size, random) is CropBox box ? (box, random) : null;
    }

    /// <summary>The three evaluation views of prepared frames whose short side is the view's size, (3 crops, 3, frames, size, size).</summary>
    public Tensor Evaluate(Tensor prepared)
    {
        using var scope = NewDisposeScope();
        CropBox[] boxes = SpatialSampling.ThreeCrops((int)prepared.shape[^2], (int)prepared.shape[^1], settings.Size);
        return stack([.. boxes.Select(box => ToClip(FrameTransforms.Crop(prepared, box)))]).MoveToOuterDisposeScope();
    }

    private static Tensor ToClip(Tensor frames) => frames.transpose(0, 1);
}
