using Ppma.Learning.Interop;
using Ppma.Learning.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Learning.Objectives;

/// <summary>Pictures of what a masked autoencoder saw and made of it; every tensor in pixels of 0..1 (mask: 0 or 1), (B, 3, T, H, W).</summary>
/// <param name="Original">The input.</param>
/// <param name="Visible">The input, black where it was masked.</param>
/// <param name="Mask">1 where masked.</param>
/// <param name="Reconstructed">Predictions where masked, the input elsewhere.</param>
public sealed record Reconstruction(Tensor Original, Tensor Visible, Tensor Mask, Tensor Reconstructed)
{
    /// <summary>
    /// Undoes the patch normalisation with each patch's own mean and variance, as the model predicts neither.
    /// </summary>
    /// <param name="predictions">Of every token, (B, N, P), as <see cref="MaskedAutoencoder.Reconstruct"/> gives them.</param>
    /// <param name="video">The normalised input (B, 3, T, H, W).</param>
    /// <param name="options">The model's numbers.</param>
    /// <param name="mask">The mask the predictions were made with.</param>
    public static Reconstruction Paint(Tensor predictions, Tensor video, VisionTransformerOptions options, TokenMask mask)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        long clips = video.shape[0];
        using Scalar tokens = options.Tokens.ToScalar(), epsilon = MaskedReconstruction.Epsilon.ToScalar();
        var every = arange(Arithmetic.Zero, tokens, Arithmetic.One, dtype: int64, device: video.device).expand(clips, -1);
        var pixels = MaskedReconstruction.Pixels(video, options, every);
        var (variance, mean) = var_mean(pixels, [2], unbiased: true, keepdim: true);
        var painted = (predictions.to_type(float32).view(pixels.shape) * variance.add(epsilon, Arithmetic.One).sqrt()).Plus(mean);
        var hidden = zeros(clips, options.Tokens, 1, 1, device: video.device)
            .scatter(1, mask.Masked.view(clips, -1, 1, 1), ones(clips, mask.Masked.shape[1], 1, 1, device: video.device));
        var original = Patches.Fold(pixels, options);
        var masked = Patches.Fold(hidden.expand(pixels.shape), options);
        var visible = original * masked.neg().add(Arithmetic.One, Arithmetic.One);
        var result = new Reconstruction(original, visible, masked, where(masked.gt(Arithmetic.Zero), Patches.Fold(painted, options), original));
        scope.MoveToOuter([result.Original, result.Visible, result.Mask, result.Reconstructed]);
        return result;
    }
}
