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
    private readonly List<StepLoss> _points;
    private readonly FileStream _file;

    private LossCurve(FileStream file, List<StepLoss> points)
    {
        _file = file;
        _points = points;
    }

    /// <summary>What is known so far, by step.</summary>
    public IReadOnlyList<StepLoss> Points => _points;

    /// <summary>Opens the curve for a run that has done <paramref name="stepsDone"/> steps.</summary>
    public static LossCurve Open(string path, long stepsDone)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var points = new List<StepLoss>();
        long keptBytes = 0;
        if (File.Exists(path))
        {
            foreach ((StepLoss point, int bytes) in Read(File.ReadAllBytes(path)).TakeWhile(line => line.Point.Step <= stepsDone))
            {
                points.Add(point);
                keptBytes += bytes;
            }
        }

        // Cut in place: at no moment is a line missing that a next attempt would keep.
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.SetLength(keptBytes);
        file.Position = keptBytes;
        return new LossCurve(file, points);
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

        _file.Write(Encoding.UTF8.GetBytes(lines.ToString()));
    }

    /// <summary>Forces what was appended to disk; comes before the checkpoint that follows it. Any thread may call it.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_file.SafeFileHandle);

    /// <summary>Mean loss over the last tenth of all steps.</summary>
    public double FinalLoss()
    {
        int last = Math.Max(1, _points.Count / 10);
        return _points.TakeLast(last).Average(point => (double)point.Loss);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Complete lines and their lengths, up to the first that is none: a crash may have cut the last one.</summary>
    private static IEnumerable<(StepLoss Point, int Bytes)> Read(byte[] file)
    {
        for (int start = 0, end; (end = Array.IndexOf(file, (byte)'\n', start)) >= 0; start = end + 1)
        {
            if (Parse(file.AsMemory(start, end - start)) is not { } point)
            {
                yield break;
            }

            yield return (point, end + 1 - start);
        }
    }

    private static StepLoss? Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement loss = json.RootElement.GetProperty("loss");
            return new StepLoss(
                json.RootElement.GetProperty("step").GetInt64(),
                loss.ValueKind == JsonValueKind.Null ? float.NaN : loss.GetSingle(),
                json.RootElement.GetProperty("rate").GetDouble());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
