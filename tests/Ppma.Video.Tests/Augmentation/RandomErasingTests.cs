using Ppma.Datasets.Randomness;
using Ppma.Video.Augmentation;
using Ppma.Video.Sampling;

namespace Ppma.Video.Tests.Augmentation;

public sealed class RandomErasingTests
{
    private const int Size = 224;

    private static readonly RandomErasing Always = new() { Probability = 1 };

    [Fact]
    public void Draw_ManyClips_ErasesAQuarterOfThem()
    {
        int erased = Enumerable.Range(0, 4000).Count(clip => new RandomErasing().Draw(Size, Size, Stream(clip)) is not null);

        Assert.InRange(erased, 900, 1100);
    }

    [Fact]
    public void Draw_ManyBoxes_HaveAreasAndAspectsOfThePaperAndLieInside()
    {
        CropBox[] boxes = [.. Boxes()];

        // One pixel of rounding a side.
        Assert.All(boxes, box => Assert.InRange((double)box.Height * box.Width / (Size * Size), 0.019, 0.338));
        Assert.All(boxes, box => Assert.InRange((double)box.Height / box.Width, 0.29, 3.45));
        Assert.All(boxes, box => Assert.True(box.Top >= 0 && box.Left >= 0 && box.Top + box.Height <= Size && box.Left + box.Width <= Size));
        Assert.Contains(boxes, box => box.Top + box.Height == Size);
        Assert.Contains(boxes, box => box.Left == 0);
    }

    [Fact]
    public void Draw_BoxesThatAlwaysFit_HaveUniformAreaAndLogUniformAspect()
    {
        // Up to the square of 0.3 of the frame no box is too long for it.
        CropBox[] small = [.. Boxes().Where(box => box.Height * box.Width < 0.25 * Size * Size)];

        Assert.InRange(Uniformity.Gap(small.Select(box => (double)box.Height * box.Width / (Size * Size)), 0.02, 0.25), 0, 0.03);
        Assert.InRange(Uniformity.Gap(small.Select(box => Math.Log((double)box.Height / box.Width)), Math.Log(0.3), -Math.Log(0.3)), 0, 0.03);
    }

    [Fact]
    public void Draw_FrameThatNoBoxFits_GivesUpAfterAHundredTries()
    {
        PhiloxStream random = Stream(1), counted = Stream(1);

        Assert.Null(Always.Draw(2, 4000, random));

        // The probability, then an area and an aspect each time.
        for (int number = 0; number < 1 + (100 * 2); number++)
        {
            counted.NextDouble();
        }

        Assert.Equal(counted.NextDouble(), random.NextDouble());
    }

    [Fact]
    public void Draw_AnyClip_IsTheReferencesBoxForTheSameNumbers()
    {
        foreach (int clip in Enumerable.Range(0, 500))
        {
            PhiloxStream random = Stream(clip);
            random.NextDouble();
            CropBox? expected = null;
            while (expected is null)
            {
                double area = Size * Size * (0.02 + (((1.0 / 3.0) - 0.02) * random.NextDouble()));
                double aspect = Math.Exp(Math.Log(0.3) + (2 * -Math.Log(0.3) * random.NextDouble()));
                int height = (int)Math.Round(Math.Sqrt(area * aspect)), width = (int)Math.Round(Math.Sqrt(area / aspect));
                if (height < Size && width < Size)
                {
                    int top = random.NextInt32(Size - height + 1);
                    expected = new CropBox(top, random.NextInt32(Size - width + 1), height, width);
                }
            }

            Assert.Equal(expected, Always.Draw(Size, Size, Stream(clip)));
        }
    }

    private static IEnumerable<CropBox> Boxes() => Enumerable.Range(0, 5000).Select(clip => Always.Draw(Size, Size, Stream(clip))!.Value);

    private static PhiloxStream Stream(int clip) => new(seed: 4, RandomPurpose.Erasing, sample: clip);
}
