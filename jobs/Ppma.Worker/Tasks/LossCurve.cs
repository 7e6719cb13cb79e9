using System.Globalization;
using System.Text;
using System.Text.Json;
using Ppma.Learning.Training;

namespace Ppma.Worker.Tasks;

/// <summary>
/// <c>curve.jsonl</c>: one line a step, <c>{"step":1,"loss":1.0,"rate":0.001}</c>. Lines after the step a run goes on from are cut off, so
/// the curve of a run that was stopped equals that of one that was not.
/// </summary>
internal sealed class LossCurve : IDisposable
{
    private readonly string _path;
    private readonly List<StepLoss> _points;
    private FileStream? _file;

    private LossCurve(string path, List<StepLoss> points)
    {
        _path = path;
        _points = points;
    }

    /// <summary>What is known so far, by step.</summary>
    public IReadOnlyList<StepLoss> Points => _points;

    /// <summary>Opens the curve for a run that has done <paramref name="stepsDone"/> steps.</summary>
    public static LossCurve Open(string path, long stepsDone)
    {
        List<StepLoss> kept = stepsDone > 0 && File.Exists(path) ? [.. Read(path).TakeWhile(point => point.Step <= stepsDone)] : [];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var curve = new LossCurve(path, []);
        curve.Rewrite(kept);
        return curve;
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

        _file!.Write(Encoding.UTF8.GetBytes(lines.ToString()));
    }

    /// <summary>Forces what was appended to disk; comes before the checkpoint that follows it.</summary>
    public void Flush() => _file!.Flush(flushToDisk: true);

    /// <summary>Mean loss over the last tenth of all steps.</summary>
    public double FinalLoss()
    {
        int last = Math.Max(1, _points.Count / 10);
        return _points.TakeLast(last).Average(point => (double)point.Loss);
    }

    public void Dispose() => _file?.Dispose();

    private void Rewrite(List<StepLoss> kept)
    {
        _file = new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.Read);
        Append(kept);
    }

    /// <summary>Complete lines only: the last one may have been cut by a crash.</summary>
    private static IEnumerable<StepLoss> Read(string path)
    {
        foreach (string line in File.ReadLines(path))
        {
            StepLoss point;
            try
            {
                using JsonDocument json = JsonDocument.Parse(line);
                JsonElement loss = json.RootElement.GetProperty("loss");
                point = new StepLoss(
                    json.RootElement.GetProperty("step").GetInt64(),
                    loss.ValueKind == JsonValueKind.Null ? float.NaN : loss.GetSingle(),
                    json.RootElement.GetProperty("rate").GetDouble());
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                yield break;
            }

            yield return point;
        }
    }
}
