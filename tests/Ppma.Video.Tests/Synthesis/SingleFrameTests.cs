using Ppma.Video.Synthesis;

namespace Ppma.Video.Tests.Synthesis;

/// <summary>Rendered frames, one at a time, look the same under every class of the figure sets.</summary>
public sealed class SingleFrameTests
{
    private const int ClipsPerClass = 400;

    [Theory]
    [InlineData(SyntheticSet.Synthetic, 0)]
    [InlineData(SyntheticSet.Synthetic, ClipRenderer.Frames - 1)]
    [InlineData(SyntheticSet.Actions, 0)]
    [InlineData(SyntheticSet.Actions, ClipRenderer.Frames - 1)]
    public void Render_OneFrame_BrightnessByPlaceIsTheSameForEveryClass(SyntheticSet set, int frame)
    {
        double[][][] features = Features(set, frame);
        int count = features[0][0].Length;

        // One-way analysis of variance per feature. With equal distributions F has mean 1; the largest of all of
        // them stays below 4.9 with probability 0.999 (7 and 3,192 degrees of freedom, 64 features, Bonferroni).
        for (int feature = 0; feature < count; feature++)
        {
            double f = Variance(features, feature);
            Assert.True(f < 4.9, $"{set}, frame {frame}, cell {feature}: F = {f:F2}");
        }
    }

    [Fact]
    public void Render_OneFrame_BrightnessByPlaceTellsContextClassesApart()
    {
        double[][][] features = Features(SyntheticSet.Context, 0);
        Assert.Contains(Enumerable.Range(0, features[0][0].Length), feature => Variance(features, feature) > 20);
    }

    /// <summary>class → clip → mean green of each of 8 × 8 cells.</summary>
    private static double[][][] Features(SyntheticSet set, int frame)
    {
        const int Cells = 8;
        const int CellSize = ClipRenderer.Size / Cells;
        double[][][] features = [.. Enumerable.Range(0, ClipRenderer.ClassCount).Select(_ => new double[ClipsPerClass][])];
        Parallel.For(0, ClipsPerClass * ClipRenderer.ClassCount, index =>
        {
            byte[] rgb = new byte[ClipRenderer.ClipBytes];
            ClipRenderer.Render(7, set, SyntheticSplit.Train, index, rgb);
            double[] cells = new double[Cells * Cells];
            for (int y = 0; y < ClipRenderer.Size; y++)
            {
                for (int x = 0; x < ClipRenderer.Size; x++)
                {
                    int pixel = (((frame * ClipRenderer.Size) + y) * ClipRenderer.Size) + x;
                    cells[(y / CellSize * Cells) + (x / CellSize)] += rgb[(3 * pixel) + 1];
                }
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
