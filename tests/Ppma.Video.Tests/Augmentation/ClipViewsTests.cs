using Ppma.Video.Augmentation;
using static TorchSharp.torch;

namespace Ppma.Video.Tests.Augmentation;

public sealed class ClipViewsTests
{
    private static readonly ViewSettings Settings = new()
    {
        Size = 24,
        ShortSide = 32,
        RandAugment = new RandAugment(),
        Erasing = new RandomErasing { Probability = 1 },
    };

    [Fact]
    public void Train_SameName_GivesTheSameViewAndLeavesThePreparedFramesAlone()
    {
        using var scope = NewDisposeScope();
        var views = new ClipViews(Settings);
        var prepared = views.Prepare(Pixels());
        var before = prepared.clone();
        var name = new ViewName(Seed: 1, Pass: 2, Sample: 3, View: 0);

        var first = views.Train(prepared, name);
        var second = views.Train(prepared, name);
        var other = views.Train(prepared, name with { View = 1 });

        Assert.Equal([3, 4, 24, 24], first.shape);
        Assert.True(first.Equals(second));
        Assert.False(first.Equals(other));
        Assert.True(prepared.Equals(before));
    }

    [Fact]
    public void Train_WithoutAugmentationAtFullSize_KeepsTheColours()
    {
        using var scope = NewDisposeScope();
        var views = new ClipViews(new ViewSettings { Size = 40, ShortSide = 0, CropScale = (1, 1), CropRatio = (1, 1) });
        var pixels = Pixels()[.., .., ..40];
        var prepared = views.Prepare(pixels);

        var view = views.Train(prepared, new ViewName(1, 0, 0, 0));

        float blue = pixels[1, 5, 7, 2].item<byte>() / 255f;
        Assert.Equal(blue, view[2, 1, 5, 7].item<float>(), 1e-6);
    }

    [Fact]
    public void Evaluate_WideFrames_GivesLeftCentreAndRight()
    {
        using var scope = NewDisposeScope();
        var views = new ClipViews(new ViewSettings { Size = 32, ShortSide = 32 });
        var prepared = views.Prepare(Pixels());

        var crops = views.Evaluate(prepared);

        Assert.Equal([3, 3, 4, 32, 32], crops.shape);
        float right = prepared[0, 0, 0, prepared.shape[3] - 1].item<float>();
        Assert.Equal(right, crops[2, 0, 0, 0, 31].item<float>());
    }

    [Fact]
    public void DrawErasing_SameName_GivesTheSameBoxAndNoise()
    {
        var views = new ClipViews(Settings);
        var name = new ViewName(Seed: 1, Pass: 2, Sample: 3, View: 0);
        var (box, random) = views.DrawErasing(name)!.Value;
        var again = views.DrawErasing(name)!.Value;
        float[] noise = new float[1000], same = new float[1000];

        RandomErasing.DrawNoise(noise, random);
        RandomErasing.DrawNoise(same, again.Random);

        Assert.Equal(box, again.Box);
        Assert.Equal(noise, same);
        Assert.Equal(0, noise.Average(), 0.15);
        Assert.Equal(1, noise.Average(value => value * value), 0.2);
    }

    private static Tensor Pixels() =>
        tensor(MovingBars.Frames(4, 40, 56), [4, 40, 56, 3], ScalarType.Byte);
}
