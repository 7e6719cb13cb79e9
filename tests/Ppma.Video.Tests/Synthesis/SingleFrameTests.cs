using Ppma.Video.Synthesis;

namespace Ppma.Video.Tests.Synthesis;

/// <summary>Rendered frames, one at a time, look the same under every class of the figure sets.</summary>
public sealed class SingleFrameTests
{
    private const int ClipsPerClass = 150;
    private const int Cells = 8;
    private const int LastFrame = ClipRenderer.Frames - 1;

    /// <summary>Green above this is figure, below it ground.</summary>
    private const int FigureLevel = 175;

    [Theory]
    [InlineData(SyntheticSet.Synthetic)]
    [InlineData(SyntheticSet.Actions)]
    public void Render_OneFrame_FiguresAreAtThePlacesOfEveryOtherClass(SyntheticSet set)
    {
        // One-way analysis of variance per cell. With equal distributions F has mean 1; the largest of all 128
        // stays below 5.2 with probability 0.999 (7 and 1,192 degrees of freedom, Bonferroni).
        double[][][] features = Features(set);
        for (int feature = 0; feature < features[0][0].Length; feature++)
        {
            double f = Variance(features, feature);
            Assert.True(f < 5.2, $"{set}, feature {feature}: F = {f:F2}");
        }
    }

    /// <summary>That the test above can fail: scenes do differ.</summary>
    [Fact]
    public void Render_OneFrame_BrightPlacesTellContextClassesApart()
    {
        double[][][] features = Features(SyntheticSet.Context);
        Assert.Contains(Enumerable.Range(0, features[0][0].Length), feature => Variance(features, feature) > 20);
    }

    /// <summary>class → clip → bright pixels in each of 8 × 8 cells of the first frame, then of the last.</summary>
    private static double[][][] Features(SyntheticSet set)
    {
        const int CellSize = ClipRenderer.Size / Cells;
        double[][][] features = [.. Enumerable.Range(0, ClipRenderer.ClassCount).Select(_ => new double[ClipsPerClass][])];
        Parallel.For(0, ClipsPerClass * ClipRenderer.ClassCount, index =>
        {
            byte[] rgb = new byte[ClipRenderer.ClipBytes];
            ClipRenderer.Render(7, set, SyntheticSplit.Train, index, rgb);
            double[] cells = new double[2 * Cells * Cells];
            for (int i = 0; i < 2 * ClipRenderer.Size * ClipRenderer.Size; i++)
            {
                int frame = i / (ClipRenderer.Size * ClipRenderer.Size);
                int y = i / ClipRenderer.Size % ClipRenderer.Size;
                int x = i % ClipRenderer.Size;
                int pixel = (((frame * LastFrame * ClipRenderer.Size) + y) * ClipRenderer.Size) + x;
                cells[(((frame * Cells) + (y / CellSize)) * Cells) + (x / CellSize)] += rgb[(3 * pixel) + 1] > FigureLevel ? 1 : 0;
            }

            features[ClipRenderer.ClassOf(index)][index / ClipRenderer.ClassCount] = cells;
        });
        return features;
    }

    private static double Variance(double[][][] features, int feature)
    {
        double[] means = [.. features.Select(clips => clips.Average(clip => clip[feature]))];
        double mean = means.Average();
        double between = ClipsPerClass * means.Sum(m => (m - mean) * (m - mean)) / (means.Length - 1);
        double within = features.Select((clips, c) => clips.Sum(clip => (clip[feature] - means[c]) * (clip[feature] - means[c]))).Sum()
            / (means.Length * (ClipsPerClass - 1));
        return between / within;
    }
}
