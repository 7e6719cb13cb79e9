using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Video.Augmentation;

/// <summary>Operations on the colours of frames, (frames, 3, height, width) in 0..1. Every frame is treated on its own.</summary>
internal static class ColourOperations
{
    private const int Levels = 256;

    private static readonly Scalar Two = 2.ToScalar();
    private static readonly Scalar LevelCount = Levels.ToScalar();
    private static readonly Scalar Brightest = (Levels - 1).ToScalar();

    private static readonly float[] BlurKernel = [1, 1, 1, 1, 5, 1, 1, 1, 1];

    public static Tensor AdjustBrightness(Tensor video, double factor) => video.Times(factor).clamp_(Arithmetic.Zero, Arithmetic.One);

    public static Tensor AdjustContrast(Tensor video, double factor) =>
        Blend(video, ToGrey(video).mean([-3, -2, -1], keepdim: true), factor);

    public static Tensor AdjustSaturation(Tensor video, double factor) => Blend(video, ToGrey(video), factor);

    /// <summary>Blends with a 3×3 blur that leaves the border as it is.</summary>
    public static Tensor AdjustSharpness(Tensor video, double factor)
    {
        long height = video.shape[^2], width = video.shape[^1];
        if (height <= 2 || width <= 2)
        {
            return video;
        }

        using Scalar sum = BlurKernel.Sum().ToScalar();
        Tensor kernel = tensor(BlurKernel, device: video.device).div_(sum).view(1, 1, 3, 3).expand(3, 1, 3, 3);
        Tensor blurred = video.clone();
        blurred.narrow(-2, 1, height - 2).narrow(-1, 1, width - 2).copy_(nn.functional.conv2d(video, kernel, groups: 3));
        return Blend(video, blurred, factor);
    }

    public static Tensor AutoContrast(Tensor video)
    {
        Tensor least = video.amin([-2, -1], keepdim: true);
        Tensor range = video.amax([-2, -1], keepdim: true) - least;
        Tensor isFlat = range.eq(Arithmetic.Zero);
        Tensor scale = ones_like(range).div_(range.masked_fill(isFlat, Arithmetic.One));
        return ((video - least.masked_fill(isFlat, Arithmetic.Zero)) * scale).clamp_(Arithmetic.Zero, Arithmetic.One);
    }

    public static Tensor Equalize(Tensor video)
    {
        Tensor bytes = ToLevels(video);
        long channels = bytes.shape[0] * bytes.shape[1];
        Tensor values = bytes.view(channels, -1).to_type(ScalarType.Int64);
        Tensor histogram = zeros([channels, Levels], ScalarType.Int64, device: video.device).scatter_add_(1, values, ones_like(values));

        // Each value's new level is the number of darker pixels over a step that leaves the brightest value out.
        Tensor darkerOrEqual = histogram.cumsum(1);
        Tensor order = arange(Arithmetic.Zero, LevelCount, Arithmetic.One, device: video.device);
        Tensor brightest = histogram.gt(Arithmetic.Zero).to_type(ScalarType.Int64).mul(order).amax([1], keepdim: true);
        using Scalar pixels = values.shape[1].ToScalar();
        Tensor step = histogram.gather(1, brightest).neg().add(pixels, Arithmetic.One).div(Brightest, RoundingMode.floor);
        Tensor safeStep = step.clamp(min: Arithmetic.One);
        Tensor darker = darkerOrEqual - histogram;
        Tensor levels = darker.Plus(safeStep.div(Two, RoundingMode.floor)).div(safeStep, RoundingMode.floor).clamp_(Arithmetic.Zero, Brightest);
        levels = where(step.eq(Arithmetic.Zero), order, levels);
        return levels.gather(1, values).view(video.shape).to_type(video.dtype).div_(Brightest);
    }

    public static Tensor Invert(Tensor video) => video.Complement();

    public static Tensor Posterize(Tensor video, int bits)
    {
        using Scalar step = (1 << (8 - bits)).ToScalar();
        return ToLevels(video).div(step, RoundingMode.floor).mul(step).to_type(video.dtype).div_(Brightest);
    }

    public static Tensor Solarize(Tensor video, double threshold)
    {
        using Scalar least = threshold.ToScalar();
        return where(video.ge(least), video.Complement(), video);
    }

    private static Tensor ToGrey(Tensor video) =>
        video.narrow(-3, 0, 1).Times(0.2989).Plus(video.narrow(-3, 1, 1).Times(0.587)).Plus(video.narrow(-3, 2, 1).Times(0.114));

    private static Tensor Blend(Tensor video, Tensor other, double share) =>
        video.Times(share).Plus(other.Times(1 - share)).clamp_(Arithmetic.Zero, Arithmetic.One);

    private static Tensor ToLevels(Tensor video) => video.mul(Brightest).to_type(ScalarType.Byte);
}
