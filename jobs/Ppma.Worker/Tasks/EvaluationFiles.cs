using System.Globalization;
using System.Text;
using System.Text.Json;
using Ppma.Api.Tasks;
using Ppma.Datasets.Reading;
using Ppma.Learning.Evaluation;
using Ppma.Worker.Artifacts;

namespace Ppma.Worker.Tasks;

/// <summary>What a trial leaves besides its result: each clip's prediction, and which classes were taken for which.</summary>
internal static class EvaluationFiles
{
    public const string Predictions = "predictions.jsonl";
    public const string Confusion = "confusion.csv";

    /// <param name="artifacts">Where the files go.</param>
    /// <param name="test">The split that was tested; gives names to clips and classes.</param>
    /// <param name="predictions">In the order of the ordinals.</param>
    public static void Publish(RunFolder artifacts, Dataset test, IReadOnlyList<ClipPrediction> predictions)
    {
        artifacts.Publish(Predictions, PredictionLines(test, predictions));
        artifacts.Publish(Confusion, ConfusionTable(test.Index.Classes, predictions));
    }

    private static byte[] PredictionLines(Dataset test, IReadOnlyList<ClipPrediction> predictions)
    {
        using var lines = new MemoryStream();
        IReadOnlyList<string> classes = test.Index.Classes;
        foreach (ClipPrediction prediction in predictions)
        {
            SampleRef sample = test.GetAsync(prediction.Ordinal).AsTask().GetAwaiter().GetResult();
            JsonSerializer.Serialize(
                lines,
                new PredictionLine
                {
                    Ordinal = prediction.Ordinal,
                    Shard = sample.Shard.Name,
                    Key = sample.Record.Key,
                    Label = classes[prediction.Label],
                    Top = [.. prediction.Top.Select(top => new RankedClass(classes[top.Class], Math.Round(top.Probability, 6)))],
                    Correct = prediction.Correct,
                    Damaged = prediction.Damaged,
                },
                TaskJson.Options);
            lines.WriteByte((byte)'\n');
        }

        return lines.ToArray();
    }

    /// <summary>A line a cell that is not 0, so that the file never has more lines than there are clips, however many classes.</summary>
    private static byte[] ConfusionTable(IReadOnlyList<string> classes, IReadOnlyList<ClipPrediction> predictions)
    {
        var text = new StringBuilder("label,predicted,clips\n");
        foreach (ConfusionCell cell in ConfusionCell.Count(predictions))
        {
            string predicted = cell.Predicted is { } index ? Quote(classes[index]) : "";
            text.Append(CultureInfo.InvariantCulture, $"{Quote(classes[cell.Label])},{predicted},{cell.Clips}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>As RFC 4180 writes a field.</summary>
    private static string Quote(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? field
        : '"' + field.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    private sealed record PredictionLine
    {
        public required int Ordinal { get; init; }

        public required string Shard { get; init; }

        public required string Key { get; init; }

        public required string Label { get; init; }

        public required IReadOnlyList<RankedClass> Top { get; init; }

        public required bool Correct { get; init; }

        public required bool Damaged { get; init; }
    }

    private sealed record RankedClass(string Class, double Probability);
}
