using Ppma.Datasets.Randomness;
using Ppma.Video.Augmentation;
using static TorchSharp.torch;

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

    [Fact]
    public void Draw_ManyClips_AppliesEachOfTheFourWithItsOwnCoin()
    {
        int[] counts = [.. Enumerable.Range(0, 8000).Select(clip => new RandAugment().Draw(Stream(clip)).Count)];

        // Binomial: 1, 4, 6, 4 and 1 of sixteen.
        Assert.All(new[] { 1, 4, 6, 4, 1 }.Index(), share =>
            Assert.Equal(share.Item / 16.0, counts.Count(count => count == share.Index) / 8000.0, 0.02));
    }

    [Fact]
    public void Draw_Magnitudes_SpreadByHalfAndAreCutAtZeroAndTen()
    {
        double[] usual = Magnitudes(new RandAugment());
        double[] wild = Magnitudes(new RandAugment { MagnitudeDeviation = 20 });

        Assert.Equal(7, usual.Average(), 0.05);
        Assert.Equal(0.5, Math.Sqrt(usual.Average(magnitude => (magnitude - 7) * (magnitude - 7))), 0.03);
        Assert.All(wild, magnitude => Assert.InRange(magnitude, 0, 10));
        Assert.Contains(wild, magnitude => magnitude == 0);
        Assert.Contains(wild, magnitude => magnitude == 10);

        static double[] Magnitudes(RandAugment policy) =>
        [
            .. Enumerable.Range(0, 6000).SelectMany(clip => policy.Draw(Stream(clip)))
                .Where(augment => augment.Operation == AugmentationOperation.Solarize).Select(augment => 10 * (1 - augment.Argument)),
        ];
    }

    [Fact]
    public void Apply_AChain_IsEachOperationOnWhatTheOneBeforeLeft()
    {
        using var scope = NewDisposeScope();
        Tensor video = rand([2, 3, 12, 16]);
        Augment[] chain = [new(AugmentationOperation.Rotate, 20), new(AugmentationOperation.Invert), new(AugmentationOperation.AdjustContrast, 0.4)];

        Tensor together = RandAugment.Apply(video, chain);

        Assert.True(together.equal(chain[2].Apply(chain[1].Apply(chain[0].Apply(video)))).all().item<bool>());
        Assert.True(RandAugment.Apply(video, []).equal(video).all().item<bool>());
        Assert.False(together.equal(RandAugment.Apply(video, chain.Reverse())).all().item<bool>());
    }

    [Theory]
    [InlineData(AugmentationOperation.AdjustBrightness, 0.7, 1, 1.63)]
    [InlineData(AugmentationOperation.AdjustContrast, 0.7, -1, 0.37)]
    [InlineData(AugmentationOperation.Rotate, 0.7, -1, -21)]
    [InlineData(AugmentationOperation.AdjustSaturation, 1, 1, 1.9)]
    [InlineData(AugmentationOperation.AdjustSharpness, 1, -1, 0.1)]
    [InlineData(AugmentationOperation.ShearX, 0.7, 1, 0.21)]
    [InlineData(AugmentationOperation.ShearY, 1, -1, -0.3)]
    [InlineData(AugmentationOperation.TranslateX, 1, 1, 0.45)]
    [InlineData(AugmentationOperation.TranslateY, 0.7, -1, -0.315)]
    [InlineData(AugmentationOperation.Posterize, 0.7, 1, 2)]
    [InlineData(AugmentationOperation.Posterize, 0, 1, 4)]
    [InlineData(AugmentationOperation.Posterize, 1, -1, 0)]
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
