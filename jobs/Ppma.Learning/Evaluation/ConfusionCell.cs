namespace Ppma.Learning.Evaluation;

/// <summary>How many clips of one class were taken for one class.</summary>
/// <param name="Label">The true class.</param>
/// <param name="Predicted">The highest class; null where none could be told.</param>
/// <param name="Clips">At least 1.</param>
public readonly record struct ConfusionCell(int Label, int? Predicted, int Clips)
{
    /// <summary>The cells of the matrix that are not 0, by true and by predicted class; clips without a prediction last.</summary>
    public static IReadOnlyList<ConfusionCell> Count(IEnumerable<ClipPrediction> predictions) =>
    [
        .. predictions
            .GroupBy(prediction => (prediction.Label, Predicted: prediction.Top.Count == 0 ? (int?)null : prediction.Top[0].Class))
            .Select(cell => new ConfusionCell(cell.Key.Label, cell.Key.Predicted, cell.Count()))
            .OrderBy(cell => cell.Label).ThenBy(cell => cell.Predicted ?? int.MaxValue),
    ];
}
