using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ppma.Worker.Tracking;

/// <summary>
/// <c>metrics.jsonl</c>: one line a report, and one a validation. It has what differs from machine to machine;
/// <c>curve.jsonl</c> has what does not.
/// </summary>
internal sealed class MetricsLog : IDisposable
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly StepLines _lines;

    /// <summary>Opens the log for a run that has done <paramref name="stepsDone"/> steps.</summary>
    public MetricsLog(string path, long stepsDone) => _lines = StepLines.Open(path, stepsDone, _ => { });

    public void Append(TrainingReport report) => Append<TrainingReport>(report);

    /// <param name="step">Steps done when it was measured.</param>
    /// <param name="time">When.</param>
    /// <param name="validation">By name; what is no number is left out.</param>
    public void Append(long step, DateTimeOffset time, IReadOnlyDictionary<string, double> validation) => Append(new
    {
        step,
        time,
        validation = validation.Where(metric => double.IsFinite(metric.Value)).ToDictionary(),
    });

    public void Flush() => _lines.Flush();

    public void Dispose() => _lines.Dispose();

    private void Append<T>(T line) => _lines.Append([.. JsonSerializer.SerializeToUtf8Bytes(line, _json), (byte)'\n']);
}
