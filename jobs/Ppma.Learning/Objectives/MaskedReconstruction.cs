using Ppma.Learning.Interop;
using Ppma.Learning.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Ppma.Learning.Objectives;

/// <summary>The MAE objective: predict every masked patch, normalised by its own mean and variance per colour.</summary>
public static class MaskedReconstruction
{
    /// <summary>Under the root of a patch's variance, squared pixels of 0..1.</summary>
    internal const double Epsilon = 1e-6;

    /// <summary>
    /// Mean squared error over the masked tokens of the batch.
    /// </summary>
    /// <param name="predictions">(B, masked, P) as <see cref="MaskedAutoencoder.Forward"/> gives them.</param>
    /// <param name="video">The normalised input (B, 3, T, H, W).</param>
    /// <param name="options">The model's numbers.</param>
    /// <param name="mask">The mask the predictions were made with.</param>
    public static Tensor Loss(Tensor predictions, Tensor video, VisionTransformerOptions options, TokenMask mask)
    {
        Tensor targets;
        using (no_grad())
        {
            targets = Targets(video, options, mask.Masked).flatten(2);
        }

        return functional.mse_loss(predictions.to_type(ScalarType.Float32), targets);
    }

    /// <summary>Patches of <paramref name="tokens"/> (B, n) in pixels of 0..1: (B, n, P / 3, 3), inside a patch time, height, width.</summary>
    public static Tensor Pixels(Tensor video, VisionTransformerOptions options, Tensor tokens)
    {
        var patches = Patches.GatherChannelsLast(video, options, tokens);
        return patches.mul_(PixelNormalization.OnDevice(PixelNormalization.StandardDeviation, video.device))
            .add_(PixelNormalization.OnDevice(PixelNormalization.Mean, video.device), Arithmetic.One);
    }

    /// <summary>
    /// Target patches of <paramref name="tokens"/> (B, n): (B, n, P / 3, 3), inside a patch time, height, width.
    /// The patch is normalised in pixels of 0..1. Mean and scale of the input's own normalisation cancel, except in the eps under
    /// the root, which is 1e-6 of squared pixels.
    /// </summary>
    public static Tensor Targets(Tensor video, VisionTransformerOptions options, Tensor tokens)
    {
        var patches = Patches.GatherChannelsLast(video, options, tokens);
        var epsilon = PixelNormalization.OnDevice(
            PixelNormalization.StandardDeviation.Select(deviation => (float)(Epsilon / (deviation * deviation))), video.device);
        var (variance, mean) = var_mean(patches, [2], unbiased: true, keepdim: true);
        return (patches - mean).mul_(variance.Plus(epsilon).rsqrt_());
    }
}
