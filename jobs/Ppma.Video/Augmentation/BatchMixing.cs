using Ppma.Datasets.Randomness;
using Ppma.Video.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Video.Augmentation;

/// <summary>MixUp (Zhang et al., 2018) or CutMix (Yun et al., 2019) of a batch with itself in reversed order; one of them always, each as often.</summary>
public sealed record BatchMixing
{
    /// <summary>Both parameters of MixUp's Beta distribution; 0 turns it off. The default value is 0.8.</summary>
    public double MixUpAlpha { get; init; } = 0.8;

    /// <summary>Both parameters of CutMix's Beta distribution; 0 turns it off. The default value is 1.</summary>
    public double CutMixAlpha { get; init; } = 1;

    /// <summary>Draws for one batch; null when both are off.</summary>
    /// <param name="height">Height of the frames.</param>
    /// <param name="width">Width of the frames.</param>
    /// <param name="random">Stream of purpose <see cref="RandomPurpose.Mix"/>.</param>
    public MixDraw? Draw(int height, int width, PhiloxStream random)
    {
        if (MixUpAlpha <= 0 && CutMixAlpha <= 0)
        {
            return null;
        }

        bool cut = MixUpAlpha <= 0 || (CutMixAlpha > 0 && random.NextInt32(2) == 1);
        double alpha = cut ? CutMixAlpha : MixUpAlpha;
        double share = random.NextBeta(alpha, alpha);
        return cut ? CutMix(DrawBox(height, width, share, random), height, width) : new MixDraw(share, null);
    }

    /// <summary>Mixes clips in place.</summary>
    /// <param name="clips">(batch, 3, frames, height, width).</param>
    /// <param name="mix">What was drawn.</param>
    public static void MixClipsInPlace(Tensor clips, MixDraw mix)
    {
        using var scope = NewDisposeScope();
        if (mix.Box is CropBox box)
        {
            Tensor part = FrameTransforms.Crop(clips, box);
            part.copy_(part.flip(0));
        }
        else
        {
            using Scalar share = mix.Share.ToScalar(), rest = (1 - mix.Share).ToScalar();
            Tensor others = clips.flip(0).mul_(rest);
            clips.mul_(share).add_(others, Arithmetic.One);
        }
    }

    /// <summary>Mixes the clips' distributions over classes, (batch, classes), in the same shares. The result is a new tensor.</summary>
    public static Tensor MixTargets(Tensor targets, MixDraw mix)
    {
        using var scope = NewDisposeScope();
        return targets.Times(mix.Share).Plus(targets.flip(0).Times(1 - mix.Share)).MoveToOuterDisposeScope();
    }

    /// <summary>λ follows from the box, which may have been clipped at the border.</summary>
    internal static MixDraw CutMix(CropBox box, int height, int width) =>
        new(1 - ((double)box.Height * box.Width / ((double)height * width)), box);

    private static CropBox DrawBox(int height, int width, double share, PhiloxStream random)
    {
        double side = Math.Sqrt(1 - share);
        (int top, int bottom) = DrawInterval(height, (int)(height * side), random);
        (int left, int right) = DrawInterval(width, (int)(width * side), random);
        return new CropBox(top, left, bottom - top, right - left);
    }

    private static (int Start, int End) DrawInterval(int length, int cut, PhiloxStream random)
    {
        int centre = random.NextInt32(length);
        return (Math.Clamp(centre - (cut / 2), 0, length), Math.Clamp(centre + (cut / 2), 0, length));
    }
}
