using Ppma.Datasets.Randomness;
using Ppma.Video.Augmentation;
using Ppma.Video.Sampling;
using static TorchSharp.torch;

namespace Ppma.Video.Tests.Augmentation;

public sealed class BatchMixingTests
{
    [Fact]
    public void Draw_ManyBatches_MixesHalfOfThemByBoxes()
    {
        var draws = Enumerable.Range(0, 2000).Select(step => new BatchMixing().Draw(224, 224, Stream(step))!.Value).ToList();

        Assert.InRange(draws.Count(draw => draw.Box is not null), 900, 1100);
        Assert.All(draws, draw => Assert.InRange(draw.Share, 0, 1));
    }

    [Fact]
    public void Draw_ABox_LeavesTheShareOfTheAreaThatItDoesNotCover()
    {
        var cutMixOnly = new BatchMixing { MixUpAlpha = 0 };
        foreach (int step in Enumerable.Range(0, 500))
        {
            MixDraw draw = cutMixOnly.Draw(32, 48, Stream(step))!.Value;
            CropBox box = draw.Box!.Value;
            Assert.True(box.Top >= 0 && box.Left >= 0 && box.Top + box.Height <= 32 && box.Left + box.Width <= 48);
            Assert.Equal(1 - (box.Height * box.Width / (32.0 * 48.0)), draw.Share, 1e-12);
        }
    }

    [Fact]
    public void Draw_WithBothOff_IsNothing()
    {
        Assert.Null(new BatchMixing { MixUpAlpha = 0, CutMixAlpha = 0 }.Draw(32, 32, Stream(0)));
    }

    [Fact]
    public void MixClipsInPlace_ABox_ComesFromTheMirroredClipAndTheRestStays()
    {
        using var scope = NewDisposeScope();
        var clips = arange(4).to_type(ScalarType.Float32).view(4, 1, 1, 1, 1).expand(4, 3, 2, 8, 8).clone();

        BatchMixing.MixClipsInPlace(clips, new MixDraw(0.75, new CropBox(2, 4, 4, 4)));

        Assert.Equal(3, clips[0, 0, 0, 2, 4].item<float>());
        Assert.Equal(0, clips[0, 0, 0, 1, 4].item<float>());
        Assert.Equal(2, clips[1, 2, 1, 5, 7].item<float>());
        Assert.Equal(1, clips[1, 2, 1, 6, 7].item<float>());
    }

    [Fact]
    public void MixTargets_OfSmoothedLabels_StillSumToOne()
    {
        using var scope = NewDisposeScope();
        var targets = full([3, 4], 0.025f);
        targets[0, 0] = targets[1, 3] = targets[2, 1] = tensor(0.925f);

        var mixed = BatchMixing.MixTargets(targets, new MixDraw(0.3, null));

        Assert.All(mixed.sum(1).data<float>(), sum => Assert.Equal(1, sum, 1e-6));
        Assert.Equal((0.3 * 0.925) + (0.7 * 0.025), mixed[0, 0].item<float>(), 1e-6);
    }

    private static PhiloxStream Stream(int step) => new(seed: 9, RandomPurpose.Mix, epoch: step);
}
