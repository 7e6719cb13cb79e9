using System.Text.Json;
using Ppma.Api.Tasks;
using Ppma.Cli.Reporting;
using Ppma.Worker.Artifacts;
using Ppma.Worker.Records;

namespace Ppma.Cli.Running;

/// <summary>Collects what the tasks left behind into one report.</summary>
/// <param name="title">What was run.</param>
/// <param name="outputFolder">Where the report goes; its paths are relative to it.</param>
/// <param name="classes">Number of classes by a data set's digest.</param>
internal sealed class ReportBuilder(string title, string outputFolder, IReadOnlyDictionary<string, int> classes)
{
    public BenchmarkReport Build(
        IReadOnlyList<PlannedTask> plan, IReadOnlyDictionary<PlannedTask, TaskEnd> ends, TimeSpan wall, DateTimeOffset now)
    {
        (PlannedTask Task, TaskEnd End)[] done =
            [.. plan.Select(task => (task, ends[task])).Where(pair => pair.Item2.State == TaskState.Done)];
        return new BenchmarkReport
        {
            Title = title,
            CompletionTime = now,
            WallSeconds = wall.TotalSeconds,
            TaskSeconds = done.Sum(pair => Seconds(pair.End.Result!)),
            Rows = BenchmarkTable.Rows(done),
            Training = [.. done.Where(pair => pair.End.Result!.Training is not null).Select(pair => Stage(pair.Task, pair.End))],
            Datasets = [.. done.SelectMany(pair => Datasets(pair.End.Spec!)).Distinct()],
            Problems = [.. plan.Where(task => ends[task].Error is not null).Select(task => Problem(task, ends[task]))],
            Environment = Environment(done),
            Records = [.. done.Select(pair => Relative(pair.End.Folder!.RecordFile))],
        };
    }

    internal static double Seconds(TaskResult result) => (result.CompletionTime - result.StartTime).TotalSeconds;

    private StageReport Stage(PlannedTask task, TaskEnd end)
    {
        RunFolder folder = end.Folder!;
        TrainingOutcome training = end.Result!.Training!;
        return new StageReport
        {
            Run = task.Run,
            Stage = task.Stage!,
            Objective = end.Spec!.PretrainStage!.Objective,
            Steps = training.Steps,
            FinalLoss = training.FinalLoss,
            LossCurve = Curve(folder.Curve),
            Artifacts = Relative(folder.TaskFolder),
            Reconstructions = Directory.Exists(folder.Reconstructions)
                ? [.. Directory.GetFiles(folder.Reconstructions, "*.png").Order(StringComparer.Ordinal).Select(Relative)]
                : [],
            DamagedClips = training.DamagedClips,
            Seconds = training.ComputeSeconds > 0 ? training.ComputeSeconds : Seconds(end.Result),
        };
    }

    private static List<CurvePoint> Curve(string file)
    {
        var points = new SortedDictionary<long, CurvePoint>();
        foreach (string line in File.Exists(file) ? File.ReadLines(file) : [])
        {
            try
            {
                // A step that an interrupted attempt had already written is written again by the next: the later one counts.
                CurvePoint point = TaskJson.Deserialize<CurvePoint>(System.Text.Encoding.UTF8.GetBytes(line));
                points[point.Step] = point;
            }
            catch (JsonException)
            {
                // The last line of a killed attempt, cut in the middle.
            }
        }

        return [.. points.Values];
    }

    private IEnumerable<DatasetReport> Datasets(TaskSpec task)
    {
        IEnumerable<DatasetInput> inputs = task switch
        {
            { PretrainStage: { } stage } => stage.Datasets,
            { Evaluate: { } evaluate } => [evaluate.Train, evaluate.Test],
            _ => [],
        };
        return inputs.Select(input => new DatasetReport(
            input.Name, input.Humans, input.Digest, classes.TryGetValue(input.Digest, out int count) ? count : null));
    }

    private static RunProblem Problem(PlannedTask task, TaskEnd end) => new(
        task.Run, task.Stage, end.State == TaskState.NotRun ? null : end.Error!.ExitCode, end.Error!.Message);

    private static SortedDictionary<string, string> Environment(IEnumerable<(PlannedTask Task, TaskEnd End)> done)
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in done.Select(pair => pair.End.Folder!.RecordFile).Where(File.Exists))
        {
            foreach ((string name, string version) in TaskJson.Deserialize<RunRecord>(File.ReadAllBytes(file)).Environment)
            {
                environment[name] = version;
            }
        }

        return environment;
    }

    private string Relative(string path) => Path.GetRelativePath(outputFolder, path).Replace('\\', '/');
}
