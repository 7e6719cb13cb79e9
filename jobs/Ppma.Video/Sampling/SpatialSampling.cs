using Ppma.Datasets.Randomness;

namespace Ppma.Video.Sampling;

/// <summary>Sizes and places of pictures and crops. Sizes are (height, width) in pixels.</summary>
public static class SpatialSampling
{
    private const int CropTries = 10;

    /// <summary>Size after scaling so that the short side is <paramref name="shortSide"/>; the long side is rounded down.</summary>
    public static (int Height, int Width) ScaledSize(int height, int width, int shortSide)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shortSide);
        return width < height
            ? ((int)Math.Floor((double)height / width * shortSide), shortSide)
            : (shortSide, (int)Math.Floor((double)width / height * shortSide));
    }

    /// <summary>The evaluation's square crops along the long side: left or top, centre, right or bottom.</summary>
    public static CropBox[] ThreeCrops(int height, int width, int cropSize)
    {
        if (height < cropSize || width < cropSize)
        {
            throw new ArgumentException($"A crop of {cropSize} does not fit into {height}x{width}; scale the short side to at least {cropSize} first.", nameof(cropSize));
        }

        int centreTop = (height - cropSize + 1) / 2;
        int centreLeft = (width - cropSize + 1) / 2;
        return height > width
            ? [new(0, centreLeft, cropSize, cropSize), new(centreTop, centreLeft, cropSize, cropSize), new(height - cropSize, centreLeft, cropSize, cropSize)]
            : [new(centreTop, 0, cropSize, cropSize), new(centreTop, centreLeft, cropSize, cropSize), new(centreTop, width - cropSize, cropSize, cropSize)];
    }

    /// <summary>
    /// Box of a random resized crop: area uniform in a share of the picture, aspect log-uniform, place uniform; after ten boxes that do not
    /// fit, the largest centred one whose aspect is allowed (Szegedy et al., "Going deeper with convolutions", 2015).
    /// </summary>
    /// <param name="height">Height of the picture.</param>
    /// <param name="width">Width of the picture.</param>
    /// <param name="scale">Smallest and largest share of the area.</param>
    /// <param name="ratio">Smallest and largest width / height.</param>
    /// <param name="random">Stream of purpose <see cref="RandomPurpose.Crop"/>.</param>
    public static CropBox RandomResizedCrop(
        int height, int width, (double Min, double Max) scale, (double Min, double Max) ratio, PhiloxStream random)
    {
        double logRatioMin = PortableMath.Log(ratio.Min);
        double logRatioMax = PortableMath.Log(ratio.Max);
        for (int attempt = 0; attempt < CropTries; attempt++)
        {
            double area = (double)height * width * (scale.Min + (random.NextDouble() * (scale.Max - scale.Min)));
            double aspect = PortableMath.Exp(logRatioMin + (random.NextDouble() * (logRatioMax - logRatioMin)));
            int boxWidth = (int)Math.Round(Math.Sqrt(area * aspect));
            int boxHeight = (int)Math.Round(Math.Sqrt(area / aspect));
            if (boxWidth > 0 && boxWidth <= width && boxHeight > 0 && boxHeight <= height)
            {
                int top = random.NextInt32(height - boxHeight + 1);
                return new CropBox(top, random.NextInt32(width - boxWidth + 1), boxHeight, boxWidth);
            }
        }

        return LargestCentredCrop(height, width, ratio);
    }

    private static CropBox LargestCentredCrop(int height, int width, (double Min, double Max) ratio)
    {
        double aspect = (double)width / height;
        int boxWidth = aspect > ratio.Max ? Math.Max(1, (int)Math.Round(height * ratio.Max)) : width;
        int boxHeight = aspect < ratio.Min ? Math.Max(1, (int)Math.Round(width / ratio.Min)) : height;
        return new CropBox((height - boxHeight) / 2, (width - boxWidth) / 2, boxHeight, boxWidth);
    }
}
