using Ppma.Datasets.Randomness;
using static TorchSharp.torch;

namespace Ppma.Video.Augmentation;

/// <summary>
/// RandAugment for video: the same operations for all frames of a clip (Cubuk et al., 2020, with a magnitude drawn for each operation).
/// </summary>
public sealed record RandAugment
{
    /// <summary>Operations drawn a clip, without replacement. The default value is 4.</summary>
    public int Operations { get; init; } = 4;

    /// <summary>Mean magnitude, 0 to 10. The default value is 7.</summary>
    public double Magnitude { get; init; } = 7;

    /// <summary>Standard deviation of the magnitude, which is clipped to 0..10. The default value is 0.5.</summary>
    public double MagnitudeDeviation { get; init; } = 0.5;

    /// <summary>Probability that a drawn operation is applied. The default value is 0.5.</summary>
    public double Probability { get; init; } = 0.5;

    /// <summary>Draws what to do with one view of a clip, in order.</summary>
    /// <param name="random">Stream of purpose <see cref="RandomPurpose.RandAugment"/>.</param>
    public IReadOnlyList<Augment> Draw(PhiloxStream random)
    {
        var operations = Enum.GetValues<AugmentationOperation>();
        if (Operations < 0 || Operations > operations.Length)
        {
            throw new InvalidOperationException($"RandAugment draws without replacement: {Operations} operations must be 0 to {operations.Length}.");
        }

        random.Shuffle<AugmentationOperation>(operations);
        var augments = new List<Augment>();
        foreach (var operation in operations.Take(Operations))
        {
            // Every operation takes its three draws whether or not it is applied: one more or less never moves the others.
            bool applied = random.NextDouble() < Probability;
            double magnitude = Math.Clamp(Magnitude + (MagnitudeDeviation * random.NextGaussian()), 0, 10);
            int sign = random.NextInt32(2) == 0 ? -1 : 1;
            if (applied)
            {
                augments.Add(new Augment(operation, ArgumentOf(operation, magnitude / 10, sign)));
            }
        }

        return augments;
    }

    /// <summary>Applies drawn operations to frames, (frames, 3, height, width) in 0..1. The result is a new tensor.</summary>
    public static Tensor Apply(Tensor video, IEnumerable<Augment> augments)
    {
        using var scope = NewDisposeScope();
        Tensor augmented = augments.Aggregate(video.alias(), (frames, augment) => augment.Apply(frames));
        return augmented.MoveToOuterDisposeScope();
    }

    internal static double ArgumentOf(AugmentationOperation operation, double strength, int sign) => operation switch
    {
        AugmentationOperation.AdjustBrightness or AugmentationOperation.AdjustContrast
            or AugmentationOperation.AdjustSaturation or AugmentationOperation.AdjustSharpness => 1 + (sign * 0.9 * strength),
        AugmentationOperation.Rotate => sign * 30 * strength,
        AugmentationOperation.ShearX or AugmentationOperation.ShearY => sign * 0.3 * strength,
        AugmentationOperation.TranslateX or AugmentationOperation.TranslateY => sign * 0.45 * strength,
        AugmentationOperation.Posterize => 4 - (int)(4 * strength),
        AugmentationOperation.Solarize => 1 - strength,
        _ => 0,
    };
}
