using Ppma.Video.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Video.Augmentation;

/// <summary>
/// Resizing and normalising, in single precision. Pictures are the last two dimensions, (…, height, width); colours lie in 0..1
/// until they are normalised.
/// </summary>
public static class FrameTransforms
{
    private static readonly Scalar White = 255.ToScalar();
    private static readonly Scalar[] Mean = [0.485f.ToScalar(), 0.456f.ToScalar(), 0.406f.ToScalar()];
    private static readonly Scalar[] Deviation = [0.229f.ToScalar(), 0.224f.ToScalar(), 0.225f.ToScalar()];

    /// <summary>Decoded bytes (frames, height, width, 3) to colours in 0..1, (frames, 3, height, width).</summary>
    public static Tensor ToColours(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return pixels.permute(0, 3, 1, 2).contiguous().to_type(ScalarType.Float32).div_(White).MoveToOuterDisposeScope();
    }

    /// <summary>Scales four-dimensional pictures so that their short side is <paramref name="shortSide"/>: bilinear, without antialiasing.</summary>
    public static Tensor ScaleShortSide(Tensor pictures, int shortSide)
    {
        (int height, int width) = SpatialSampling.ScaledSize((int)pictures.shape[^2], (int)pictures.shape[^1], shortSide);
        return Resize(pictures, height, width);
    }

    /// <summary>Cuts a box out of four-dimensional pictures and scales it to height × width: bilinear, without antialiasing.</summary>
    public static Tensor ResizedCrop(Tensor pictures, CropBox box, int height, int width)
    {
        using Tensor cut = Crop(pictures, box);
        return Resize(cut, height, width);
    }

    /// <summary>A view of a box of the pictures.</summary>
    public static Tensor Crop(Tensor pictures, CropBox box)
    {
        using Tensor rows = pictures.narrow(-2, box.Top, box.Height);
        return rows.narrow(-1, box.Left, box.Width);
    }

    /// <summary>Subtracts ImageNet's mean colour and divides by its deviation, in place.</summary>
    /// <param name="pictures">Colours in 0..1.</param>
    /// <param name="channelDimension">Which dimension holds the three channels.</param>
    public static Tensor NormaliseInPlace(Tensor pictures, int channelDimension)
    {
        using var scope = NewDisposeScope();
        for (int channel = 0; channel < Mean.Length; channel++)
        {
            // Numbers, not tensors, which would have to be copied to the device.
            pictures.select(channelDimension, channel).sub_(Mean[channel]).div_(Deviation[channel]);
        }

        return pictures;
    }

    private static Tensor Resize(Tensor pictures, int height, int width) =>
        nn.functional.interpolate(pictures, size: [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
}
