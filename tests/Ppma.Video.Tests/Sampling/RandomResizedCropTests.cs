using CsCheck;
using Ppma.Datasets.Randomness;
using Ppma.Video.Sampling;
using Ppma.Video.Tests.Augmentation;

namespace Ppma.Video.Tests.Sampling;

/// <summary>The box of a random resized crop against the published algorithm, given the same uniform numbers.</summary>
public sealed class RandomResizedCropTests
{
    private static readonly (double Min, double Max) Scale = (0.08, 1);
    private static readonly (double Min, double Max) Ratio = (3.0 / 4.0, 4.0 / 3.0);

    [Fact]
    public void RandomResizedCrop_AnyPicture_IsTheReferencesBoxForTheSameNumbers()
    {
        Gen.Select(Gen.Int[8, 400], Gen.Int[8, 400], Gen.Int[0, 100_000]).Sample((height, width, sample) =>
            SpatialSampling.RandomResizedCrop(height, width, Scale, Ratio, Stream(sample)) == Reference(height, width, Stream(sample)));
    }

    [Fact]
    public void RandomResizedCrop_BoxesThatAlwaysFit_HaveUniformAreaAndLogUniformRatioAndPlace()
    {
        const int size = 1024;
        CropBox[] boxes = [.. Enumerable.Range(0, 4000).Select(i => SpatialSampling.RandomResizedCrop(size, size, (0.1, 0.5), Ratio, Stream(i)))];

        Assert.InRange(Uniformity.Gap(boxes.Select(box => (double)box.Height * box.Width / (size * size)), 0.1, 0.5), 0, 0.03);
        Assert.InRange(
            Uniformity.Gap(boxes.Select(box => Math.Log((double)box.Width / box.Height)), Math.Log(Ratio.Min), Math.Log(Ratio.Max)), 0, 0.03);
        Assert.InRange(Uniformity.Gap(boxes.Select(box => (double)box.Top / (size - box.Height)), 0, 1), 0, 0.03);
        Assert.InRange(Uniformity.Gap(boxes.Select(box => (double)box.Left / (size - box.Width)), 0, 1), 0, 0.03);
    }

    [Theory]
    [InlineData(1000, 10, 493, 0, 13, 10)]
    [InlineData(10, 1000, 0, 493, 10, 13)]
    [InlineData(100, 99, 0, 0, 100, 99)]
    public void RandomResizedCrop_TenBoxesThatDoNotFit_FallsBackToTheLargestCentredOne(
        int height, int width, int top, int left, int boxHeight, int boxWidth)
    {
        // Larger than the picture, so that no box fits.
        CropBox box = SpatialSampling.RandomResizedCrop(height, width, (1.9, 2), Ratio, Stream(0));

        Assert.Equal(new CropBox(top, left, boxHeight, boxWidth), box);
    }

    // Step by step as the published code goes: ten tries, then the fallback; numbers rounded half to even.
    private static CropBox Reference(int height, int width, PhiloxStream random)
    {
        for (int attempt = 0; attempt < 10; attempt++)
        {
            double area = height * width * (Scale.Min + ((Scale.Max - Scale.Min) * random.NextDouble()));
            double logMin = Math.Log(Ratio.Min), logMax = Math.Log(Ratio.Max);
            double aspect = Math.Exp(logMin + ((logMax - logMin) * random.NextDouble()));
            int w = (int)Math.Round(Math.Sqrt(area * aspect), MidpointRounding.ToEven);
            int h = (int)Math.Round(Math.Sqrt(area / aspect), MidpointRounding.ToEven);
            if (w is > 0 && w <= width && h is > 0 && h <= height)
            {
                int top = random.NextInt32(height - h + 1);
                int left = random.NextInt32(width - w + 1);
                return new CropBox(top, left, h, w);
            }
        }

        double own = (double)width / height;
        (int fallbackHeight, int fallbackWidth) = (height, width);
        if (own < Ratio.Min)
        {
            fallbackHeight = (int)Math.Round(width / Ratio.Min);
        }
        else if (own > Ratio.Max)
        {
            fallbackWidth = (int)Math.Round(height * Ratio.Max);
        }

        return new CropBox((height - fallbackHeight) / 2, (width - fallbackWidth) / 2, fallbackHeight, fallbackWidth);
    }

    private static PhiloxStream Stream(int sample) => new(seed: 11, RandomPurpose.Crop, sample: sample);
}
