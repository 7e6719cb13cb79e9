using Ppma.Api.Tasks;
using Ppma.Cli.Reporting;

namespace Ppma.Cli.Running;

/// <summary>Trials into rows: mean, spread, and the difference to random initialisation.</summary>
internal static class BenchmarkTable
{
    /// <param name="done">Finished tasks in the order of the manifests; those that are no evaluation are passed over.</param>
    public static IReadOnlyList<BenchmarkRow> Rows(IEnumerable<(PlannedTask Task, TaskEnd End)> done)
    {
        BenchmarkRow[] rows =
        [
            .. done.Where(pair => pair.End.Result?.Evaluation is not null)
                .GroupBy(pair => (Row: pair.Task.Row ?? pair.Task.PretrainRun ?? pair.Task.Run, pair.End.Spec!.Evaluate!.Train.Name, pair.End.Spec.Evaluate.Protocol, pair.End.Spec.Evaluate.Trunk))
                .Select(group => Row(group.Key.Row, [.. group])),
        ];
        return [.. rows.Select(row => row with { DeltaToRandom = row.Mean - BaselineOf(row, rows)?.Mean })];
    }

    private static BenchmarkRow Row(string name, IReadOnlyList<(PlannedTask Task, TaskEnd End)> group)
    {
        EvaluateTask first = group[0].End.Spec!.Evaluate!;
        BenchmarkTrial[] trials = [.. group.Select(pair => Trial(pair.Task, pair.End))];

        // Trials of one pre-training share its luck: with several pre-trainings, they are what varies.
        double[] perPretraining = [.. trials.Where(trial => trial.PretrainRun is not null).GroupBy(trial => trial.PretrainRun).Select(run => run.Average(trial => trial.Top1))];
        bool overPretrainings = perPretraining.Length > 1;
        double[] sample = overPretrainings ? perPretraining : [.. trials.Select(trial => trial.Top1)];
        return new BenchmarkRow
        {
            Row = name,
            Dataset = first.Train.Name,
            Protocol = first.Protocol,
            Trunk = first.Trunk,
            IsRandom = group.All(pair => pair.End.Spec!.Evaluate!.Weights.Source == WeightsSource.Random),
            Trials = trials,
            Mean = sample.Average(),
            Std = StandardDeviation(sample),
            SpreadOver = overPretrainings ? "pre-training seeds" : "probe seeds",
            Count = sample.Length,
        };
    }

    private static BenchmarkTrial Trial(PlannedTask task, TaskEnd end)
    {
        EvaluationOutcome outcome = end.Result!.Evaluation!;
        return new BenchmarkTrial
        {
            Name = task.Run,
            Seed = end.Spec!.Seed,
            PretrainRun = task.PretrainRun,
            Top1 = outcome.Top1,
            Top5 = outcome.Top5,
            MeanClassAccuracy = outcome.MeanClassAccuracy,
            Top1Interval = outcome.Top1Interval,
            MemberShares = outcome.MemberShares,
            Samples = outcome.Samples,
            PeakRate = outcome.PeakRate,
            RateTrials = outcome.RateTrials,
            Seconds = ReportBuilder.Seconds(end.Result),
        };
    }

    private static BenchmarkRow? BaselineOf(BenchmarkRow row, IEnumerable<BenchmarkRow> rows) =>
        row.IsRandom ? null : rows.FirstOrDefault(other => other.IsRandom && ReportText.Comparison(other) == ReportText.Comparison(row));

    private static double? StandardDeviation(double[] sample)
    {
        if (sample.Length < 2)
        {
            return null;
        }

        double mean = sample.Average();
        return Math.Sqrt(sample.Sum(value => (value - mean) * (value - mean)) / (sample.Length - 1));
    }
}
