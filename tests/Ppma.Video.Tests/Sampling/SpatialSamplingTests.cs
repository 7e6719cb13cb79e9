using CsCheck;
using Ppma.Datasets.Randomness;
using Ppma.Video.Sampling;

namespace Ppma.Video.Tests.Sampling;

public sealed class SpatialSamplingTests
{
    private static readonly (double, double) Scale = (0.08, 1);
    private static readonly (double, double) Ratio = (3.0 / 4.0, 4.0 / 3.0);

    [Fact]
    public void RandomResizedCrop_AnyPicture_LiesInsideIt()
    {
        Gen.Select(Gen.Int[1, 500], Gen.Int[1, 500], Gen.Int[0, 10_000]).Sample((height, width, sample) =>
        {
            CropBox box = SpatialSampling.RandomResizedCrop(height, width, Scale, Ratio, Stream(sample));
            return box.Top >= 0 && box.Left >= 0 && box.Height > 0 && box.Width > 0
                && box.Top + box.Height <= height && box.Left + box.Width <= width;
        });
    }

    [Fact]
    public void RandomResizedCrop_ManyDraws_HaveTheMeanAreaOfTheScale()
    {
        double mean = Enumerable.Range(0, 4000)
            .Select(i => SpatialSampling.RandomResizedCrop(256, 256, (0.1, 0.5), Ratio, Stream(i)))
            .Average(box => (double)box.Height * box.Width / (256 * 256));

        Assert.Equal(0.3, mean, 0.01);
    }

    [Fact]
    public void RandomResizedCrop_VeryWidePicture_FallsBackToTheLargestCentredBox()
    {
        Assert.Equal(new CropBox(0, 493, 10, 13), SpatialSampling.RandomResizedCrop(10, 1000, (1, 1), Ratio, Stream(0)));
    }

    [Fact]
    public void RandomResizedCrop_SameStream_GivesTheSameBox()
    {
        Assert.Equal(
            SpatialSampling.RandomResizedCrop(256, 340, Scale, Ratio, Stream(7)),
            SpatialSampling.RandomResizedCrop(256, 340, Scale, Ratio, Stream(7)));
    }

    [Fact]
    public void ThreeCrops_PictureSmallerThanTheCrop_SaysWhatToDo()
    {
        var e = Assert.Throws<ArgumentException>(() => SpatialSampling.ThreeCrops(200, 300, 224));
        Assert.Contains("scale the short side to at least 224", e.Message, StringComparison.Ordinal);
    }

    private static PhiloxStream Stream(int sample) => new(seed: 3, RandomPurpose.Crop, sample: sample);
}
