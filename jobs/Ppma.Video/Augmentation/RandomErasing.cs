using Ppma.Datasets.Randomness;
using Ppma.Video.Sampling;

namespace Ppma.Video.Augmentation;

/// <summary>Replaces one box by Gaussian noise: the same box in all frames, fresh noise in each (Zhong et al., 2020). Comes after normalising.</summary>
public sealed record RandomErasing
{
    private const double SmallestArea = 0.02;
    private const double LargestArea = 1.0 / 3.0;
    private const double SmallestAspect = 0.3;
    private const int Tries = 100;

    /// <summary>Probability that a clip is erased. The default value is 0.25.</summary>
    public double Probability { get; init; } = 0.25;

    /// <summary>Draws the box of one view; null when it stays whole.</summary>
    /// <param name="height">Height of the frames.</param>
    /// <param name="width">Width of the frames.</param>
    /// <param name="random">Stream of purpose <see cref="RandomPurpose.Erasing"/>; <see cref="DrawNoise"/> goes on with it.</param>
    public CropBox? Draw(int height, int width, PhiloxStream random)
    {
        if (random.NextDouble() >= Probability)
        {
            return null;
        }

        double logAspect = PortableMath.Log(1 / SmallestAspect);
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            double area = (SmallestArea + (random.NextDouble() * (LargestArea - SmallestArea))) * height * width;
            double aspect = PortableMath.Exp(logAspect * ((2 * random.NextDouble()) - 1));
            int boxHeight = (int)Math.Round(Math.Sqrt(area * aspect));
            int boxWidth = (int)Math.Round(Math.Sqrt(area / aspect));
            if (boxHeight < height && boxWidth < width)
            {
                int top = random.NextInt32(height - boxHeight + 1);
                return new CropBox(top, random.NextInt32(width - boxWidth + 1), boxHeight, boxWidth);
            }
        }

        return null;
    }

    /// <summary>Noise of mean 0 and variance 1 for a box: as many numbers as it has values, in the order (3, frames, height, width).</summary>
    /// <param name="noise">Receives the numbers.</param>
    /// <param name="random">The stream that drew the box.</param>
    public static void DrawNoise(Span<float> noise, PhiloxStream random)
    {
        for (int i = 0; i < noise.Length; i++)
        {
            noise[i] = (float)random.NextGaussian();
        }
    }
}
