using Ppma.Datasets.Randomness;
using Ppma.Video.Augmentation;

namespace Ppma.Video.Tests.Augmentation;

public sealed class RandAugmentTests
{
    [Fact]
    public void Draw_ManyClips_AppliesEachOperationAsOftenAndNoneTwice()
    {
        const int clips = 7000;
        var policy = new RandAugment();
        var drawn = Enumerable.Range(0, clips).Select(clip => policy.Draw(Stream(clip))).ToList();

        Assert.All(drawn, augments => Assert.Equal(augments.Count, augments.Select(augment => augment.Operation).Distinct().Count()));
        double expected = clips * 4 * 0.5 / 14;
        foreach (var operation in Enum.GetValues<AugmentationOperation>())
        {
            int times = drawn.Sum(augments => augments.Count(augment => augment.Operation == operation));
            Assert.InRange(times, 0.88 * expected, 1.12 * expected);
        }
    }

    [Fact]
    public void Draw_OfRotations_HasBothSignsAndMagnitudesAroundSeven()
    {
        var angles = Enumerable.Range(0, 4000).SelectMany(clip => new RandAugment().Draw(Stream(clip)))
            .Where(augment => augment.Operation == AugmentationOperation.Rotate).Select(augment => augment.Argument).ToList();

        Assert.InRange(angles.Count(angle => angle > 0) / (double)angles.Count, 0.4, 0.6);
        Assert.Equal(21, angles.Average(Math.Abs), 0.3);
        Assert.All(angles, angle => Assert.InRange(Math.Abs(angle), 0, 30));
    }

    [Theory]
    [InlineData(AugmentationOperation.AdjustBrightness, 0.7, 1, 1.63)]
    [InlineData(AugmentationOperation.AdjustContrast, 0.7, -1, 0.37)]
    [InlineData(AugmentationOperation.Rotate, 0.7, -1, -21)]
    [InlineData(AugmentationOperation.ShearX, 0.7, 1, 0.21)]
    [InlineData(AugmentationOperation.TranslateY, 0.7, -1, -0.315)]
    [InlineData(AugmentationOperation.Posterize, 0.7, 1, 2)]
    [InlineData(AugmentationOperation.Posterize, 0, 1, 4)]
    [InlineData(AugmentationOperation.Solarize, 0.7, 1, 0.3)]
    public void ArgumentOf_Strength_IsInTheOperationsUnit(AugmentationOperation operation, double strength, int sign, double expected)
    {
        Assert.Equal(expected, RandAugment.ArgumentOf(operation, strength, sign), 1e-12);
    }

    [Fact]
    public void Draw_MoreOperationsThanThereAre_IsRefused()
    {
        Assert.Throws<InvalidOperationException>(() => new RandAugment { Operations = 15 }.Draw(Stream(0)));
    }

    private static PhiloxStream Stream(int clip) => new(seed: 5, RandomPurpose.RandAugment, sample: clip);
}
