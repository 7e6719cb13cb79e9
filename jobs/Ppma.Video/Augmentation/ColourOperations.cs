using static TorchSharp.torch;

namespace Ppma.Video.Augmentation;

/// <summary>Operations on the colours of frames, (frames, 3, height, width) in 0..1. Every frame is treated on its own.</summary>
internal static class ColourOperations
{
    private const int Levels = 256;

    private static readonly float[] BlurKernel = [1, 1, 1, 1, 5, 1, 1, 1, 1];

    public static Tensor AdjustBrightness(Tensor video, double factor) => video.mul(factor).clamp_(0, 1);

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

        Tensor kernel = tensor(BlurKernel, device: video.device).div_(BlurKernel.Sum()).view(1, 1, 3, 3).expand(3, 1, 3, 3);
        Tensor blurred = video.clone();
        blurred.narrow(-2, 1, height - 2).narrow(-1, 1, width - 2).copy_(nn.functional.conv2d(video, kernel, groups: 3));
        return Blend(video, blurred, factor);
    }

    public static Tensor AutoContrast(Tensor video)
    {
        Tensor least = video.amin([-2, -1], keepdim: true);
        Tensor range = video.amax([-2, -1], keepdim: true) - least;
        Tensor isFlat = range.eq(0);
        Tensor scale = ones_like(range).div_(range.masked_fill(isFlat, 1));
        return ((video - least.masked_fill(isFlat, 0)) * scale).clamp_(0, 1);
    }

    public static Tensor Equalize(Tensor video)
    {
        Tensor bytes = ToLevels(video);
        long channels = bytes.shape[0] * bytes.shape[1];
        Tensor values = bytes.view(channels, -1).to_type(ScalarType.Int64);
        Tensor histogram = zeros([channels, Levels], ScalarType.Int64, device: video.device).scatter_add_(1, values, ones_like(values));

        // Each value's new level is the number of darker pixels over a step that leaves the brightest value out.
        Tensor darkerOrEqual = histogram.cumsum(1);
        Tensor brightest = histogram.gt(0).to_type(ScalarType.Int64).mul(arange(Levels, device: video.device)).amax([1], keepdim: true);
        Tensor step = values.shape[1] - histogram.gather(1, brightest);
        step = step.div(Levels - 1, RoundingMode.floor);
        Tensor safeStep = step.clamp(min: 1);
        Tensor darker = darkerOrEqual - histogram;
        Tensor levels = (darker + safeStep.div(2, RoundingMode.floor)).div(safeStep, RoundingMode.floor).clamp_(0, Levels - 1);
        levels = where(step.eq(0), arange(Levels, device: video.device), levels);
        return levels.gather(1, values).view(video.shape).to_type(video.dtype).div_(Levels - 1);
    }

    public static Tensor Invert(Tensor video) => 1 - video;

    public static Tensor Posterize(Tensor video, int bits)
    {
        int step = 1 << (8 - bits);
        return ToLevels(video).div(step, RoundingMode.floor).mul(step).to_type(video.dtype).div_(Levels - 1);
    }

    public static Tensor Solarize(Tensor video, double threshold) => where(video.ge(threshold), 1 - video, video);

    private static Tensor ToGrey(Tensor video) =>
        (0.2989 * video.narrow(-3, 0, 1)) + (0.587 * video.narrow(-3, 1, 1)) + (0.114 * video.narrow(-3, 2, 1));

    private static Tensor Blend(Tensor video, Tensor other, double share) => ((share * video) + ((1 - share) * other)).clamp_(0, 1);

    private static Tensor ToLevels(Tensor video) => (video * (Levels - 1)).to_type(ScalarType.Byte);
}
