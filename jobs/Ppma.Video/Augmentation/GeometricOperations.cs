using static TorchSharp.torch;

namespace Ppma.Video.Augmentation;

/// <summary>
/// Operations that move the pixels of frames, (frames, 3, height, width), about the centre. What comes from outside is mid grey.
/// </summary>
internal static class GeometricOperations
{
    private const double Fill = 0.5;

    public static Tensor Rotate(Tensor video, double degrees)
    {
        double radians = degrees * Math.PI / 180;
        return Warp(video, [Math.Cos(radians), -Math.Sin(radians), 0, Math.Sin(radians), Math.Cos(radians), 0]);
    }

    public static Tensor ShearX(Tensor video, double shift) => Warp(video, [1, shift, video.shape[^2] * shift / 2, 0, 1, 0]);

    public static Tensor ShearY(Tensor video, double shift) => Warp(video, [1, 0, 0, shift, 1, video.shape[^1] * shift / 2]);

    public static Tensor TranslateX(Tensor video, double share) => Warp(video, [1, 0, share * video.shape[^1], 0, 1, 0]);

    public static Tensor TranslateY(Tensor video, double share) => Warp(video, [1, 0, 0, 0, 1, share * video.shape[^2]]);

    /// <summary>Samples every target pixel (x, y) at matrix · (x, y, 1), in pixels from the centre.</summary>
    private static Tensor Warp(Tensor video, double[] matrix)
    {
        long frames = video.shape[0], height = video.shape[^2], width = video.shape[^1];
        Tensor x = linspace((1 - width) * 0.5, (width - 1) * 0.5, width, device: video.device).view(1, width).expand(height, width);
        Tensor y = linspace((1 - height) * 0.5, (height - 1) * 0.5, height, device: video.device).view(height, 1).expand(height, width);
        Tensor fromX = x.Times(matrix[0]).Plus(y.Times(matrix[1])).Plus(matrix[2]).Over(0.5 * width);
        Tensor fromY = x.Times(matrix[3]).Plus(y.Times(matrix[4])).Plus(matrix[5]).Over(0.5 * height);
        Tensor grid = stack([fromX, fromY], dim: -1).unsqueeze(0);
        Tensor moved = Sample(video, grid.expand(frames, height, width, 2));
        Tensor inside = Sample(ones([1, 1, height, width], device: video.device), grid);

        // At the edge the samples are already mixed with black; the published code fades them once more.
        return moved.mul_(inside).add_(inside.Complement().Times(Fill), Arithmetic.One);
    }

    private static Tensor Sample(Tensor pictures, Tensor grid) => nn.functional.grid_sample(
        pictures, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros, align_corners: false);
}
