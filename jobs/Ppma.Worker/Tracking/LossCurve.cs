using System.Globalization;
using System.Text;
using System.Text.Json;
using Ppma.Api.Tasks;
using Ppma.Learning.Training;

namespace Ppma.Worker.Tracking;

/// <summary>
/// <c>curve.jsonl</c>: one line a step, <c>{"step":1,"loss":1.0,"rate":0.001}</c>, and nothing that a clock or the machine decides: the
/// curve of a run that was stopped equals that of one that was not.
/// </summary>
internal sealed class LossCurve : IDisposable
{
    private readonly List<StepLoss> _points;
    private readonly StepLines _lines;

    private LossCurve(StepLines lines, List<StepLoss> points)
    {
        _lines = lines;
        _points = points;
    }

    /// <summary>What is known so far, by step.</summary>
    public IReadOnlyList<StepLoss> Points => _points;

    /// <summary>Opens the curve for a run that has done <paramref name="stepsDone"/> steps.</summary>
    public static LossCurve Open(string path, long stepsDone)
    {
        var points = new List<StepLoss>();
        return new LossCurve(StepLines.Open(path, stepsDone, line => points.Add(Parse(line))), points);
    }

    public void Append(IReadOnlyList<StepLoss> losses)
    {
        _points.AddRange(losses);
        var lines = new StringBuilder();
        foreach (StepLoss point in losses)
        {
            // JSON has no word for a loss that is no number.
            string loss = float.IsFinite(point.Loss) ? point.Loss.ToString("r", CultureInfo.InvariantCulture) : "null";
            lines.Append(CultureInfo.InvariantCulture, $"{{\"step\":{point.Step},\"loss\":{loss},\"rate\":{point.Rate:r}}}\n");
        }

        _lines.Append(Encoding.UTF8.GetBytes(lines.ToString()));
    }

    /// <inheritdoc cref="StepLines.Flush"/>
    public void Flush() => _lines.Flush();

    /// <summary>Mean loss over the last tenth of all steps; steps whose loss is no number are passed over.</summary>
    /// <exception cref="TaskFailedException">67 when no step has a loss that is a number.</exception>
    public double FinalLoss()
    {
        double[] last = [.. _points.Where(point => float.IsFinite(point.Loss)).TakeLast(Math.Max(1, _points.Count / 10)).Select(point => (double)point.Loss)];
        return last.Length > 0 ? last.Average() : throw new TaskFailedException(
            ExitCodes.Diverged, $"None of the {_points.Count} steps had a finite loss, so nothing was learned. Lower the peak rate, or look at the data.");
    }

    public void Dispose() => _lines.Dispose();

    private static StepLoss Parse(JsonElement line)
    {
        JsonElement loss = line.GetProperty("loss");
        return new StepLoss(
            line.GetProperty("step").GetInt64(),
            loss.ValueKind == JsonValueKind.Null ? float.NaN : loss.GetSingle(),
            line.GetProperty("rate").GetDouble());
    }
}
