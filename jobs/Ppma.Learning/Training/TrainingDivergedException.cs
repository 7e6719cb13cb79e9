namespace Ppma.Learning.Training;

/// <summary>A loss or gradient is no finite number any more, for too many steps in a row. The checkpoints are from before.</summary>
/// <param name="last">The last of the steps that were skipped.</param>
/// <param name="skippedInARow">How many were.</param>
/// <param name="sampleKeys">Names of the samples of these steps, the oldest first; empty where nobody knows them.</param>
public sealed class TrainingDivergedException(StepLoss last, int skippedInARow, IReadOnlyList<string> sampleKeys)
    : Exception(Explain(last, skippedInARow, sampleKeys))
{
    // A message must fit in the 4 KiB that a pod may leave behind.
    private const int NamedSamples = 16;

    public StepLoss Last { get; } = last;

    public int SkippedInARow { get; } = skippedInARow;

    public IReadOnlyList<string> SampleKeys { get; } = sampleKeys;

    private static string Explain(StepLoss last, int skippedInARow, IReadOnlyList<string> sampleKeys)
    {
        string what = last.Skipped switch
        {
            SkippedUpdate.Loss => $"The loss of step {last.Step} is not finite",
            SkippedUpdate.Overflow => $"A gradient of step {last.Step} leaves the range of half precision, however small its scale (loss {last.Loss:g4})",
            _ => $"A gradient of step {last.Step} is not finite, though its loss is ({last.Loss:g4})",
        };
        string row = skippedInARow == 1
            ? "its update was skipped"
            : $"this update and the {skippedInARow - 1} before it were skipped";
        string samples = sampleKeys.Count == 0 ? "" : $" Samples of these steps, the last first: {string.Join(", ", sampleKeys.Reverse().Take(NamedSamples))}" +
            (sampleKeys.Count > NamedSamples ? $" and {sampleKeys.Count - NamedSamples} more." : ".");
        return $"{what} (learning rate {last.Rate:g3}); {row}, and no more may be (mostSkippedInARow). " +
            "The weights of the last checkpoint are from before it. " +
            $"Lower the peak rate, lengthen the warm-up, clip the gradients or take out damaged clips.{samples}";
    }
}
