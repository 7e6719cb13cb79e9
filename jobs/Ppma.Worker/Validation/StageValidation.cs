using System.Text;
using System.Text.Json;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.Learning.Models;
using Ppma.Worker.Execution;
using Ppma.Worker.Tracking;

namespace Ppma.Worker.Validation;

/// <summary>
/// What a stage measures on its validation set while it trains, and <c>validation.jsonl</c>, one line a measurement. Lines after the step a
/// run goes on from are dropped, so those of a run that was stopped equal those of one that was not.
/// </summary>
internal sealed class StageValidation(TaskContext context, PretrainStageTask stage, IValidationMeasure measure, CancellationToken stopping)
{
    private readonly BestPolicy? _best = context.Task.Checkpoint.Best;

    private List<ValidationPoint> _points = [];

    public ValidationPoint? Last => _points.LastOrDefault();

    /// <summary>The best by the checkpoint policy, of equal ones the first; null where it keeps no best.</summary>
    public ValidationPoint? Best => _best is null ? null : _points.Where(point => double.IsFinite(MetricOf(point))).Aggregate(
        (ValidationPoint?)null, (best, point) => best is null || IsBetter(MetricOf(point), MetricOf(best)) ? point : best);

    /// <summary>The training goes on after so many steps.</summary>
    public void ContinueAt(long step) => _points = [.. Read(context.Artifacts.Validation).TakeWhile(point => point.Step <= step)];

    /// <summary>Whether this step is to be measured and is not yet.</summary>
    public bool IsDue(long step) =>
        (step % stage.Validation!.EverySteps == 0 || step == stage.Optimization.Steps) && !(Last?.Step >= step);

    /// <exception cref="OperationCanceledException">Stopped as asked; the step counts as not measured.</exception>
    public void Run(long step, VideoModel model, TrainingTracker tracker)
    {
        ValidationPoint point = measure.Measure(step, model, stopping);
        _points.Add(point);

        // Whole, for they are few: no reader ever sees half a line.
        context.Artifacts.Publish(context.Artifacts.Validation, Encoding.UTF8.GetBytes(string.Concat(_points.Select(Line))));
        context.Artifacts.WhileOwner(() => tracker.OnValidation(step, MetricsOf(point)));
    }

    /// <summary>What was measured at a step, by the names that the checkpoint policy uses; null where nothing was.</summary>
    public IReadOnlyDictionary<string, double>? MetricsAt(long step) => Last is { } last && last.Step == step ? MetricsOf(last) : null;

    private double MetricOf(ValidationPoint point) => MetricsOf(point).TryGetValue(_best!.Metric, out double value) ? value : double.NaN;

    private bool IsBetter(double value, double than) => _best!.Mode == BestMode.Min ? value < than : value > than;

    private static Dictionary<string, double> MetricsOf(ValidationPoint point)
    {
        (string Name, double? Value)[] metrics =
        [
            ("loss", point.Loss), ("top1", point.Top1), ("top5", point.Top5), ("meanClassAccuracy", point.MeanClassAccuracy),
        ];
        return metrics.Where(metric => metric.Value is not null).ToDictionary(metric => metric.Name, metric => metric.Value!.Value);
    }

    private static string Line(ValidationPoint point) => JsonSerializer.Serialize(point, TaskJson.Options) + "\n";

    private static IEnumerable<ValidationPoint> Read(string path) => !File.Exists(path)
        ? []
        : File.ReadLines(path).Select(line => JsonSerializer.Deserialize<ValidationPoint>(line, TaskJson.Options)!);
}
