using Ppma.Api;
using Ppma.Api.Tasks;

namespace Ppma.Cli.Reporting;

/// <summary>The sentences that both forms of the report share.</summary>
internal static class ReportText
{
    /// <summary>The loss of predicting every patch's mean: patches are normalised to unit variance (the paper's MAE loss).</summary>
    public const double LossOfTheMean = 1.0;

    /// <summary>The result in one sentence: the best pre-trained row, and how far it is from random initialisation.</summary>
    public static string Headline(BenchmarkReport report)
    {
        var best = report.Rows.Where(row => !row.IsRandom).MaxBy(row => row.Mean);
        if (best is null)
        {
            return report.Rows.Count == 0 ? "No trial ended with a result" : "Random initialisation only: nothing to compare";
        }

        string result = $"{best.Row} reaches {ReportNumbers.Percent(best.Mean)} top-1 on {best.Dataset}";
        if (best.DeltaToRandom is not { } delta)
        {
            return result;
        }

        string side = delta >= 0 ? "above" : "below";
        string doubt = Math.Abs(delta) <= Spread(report, best) ? ", within the spread of seeds" : "";
        return $"{result}, {ReportNumbers.Points(Math.Abs(delta))} points {side} random initialisation{doubt}";
    }

    /// <summary>The larger standard deviation of a row and of the random row that it is compared with.</summary>
    private static double Spread(BenchmarkReport report, BenchmarkRow row) =>
        report.Rows
            .Where(other => other == row || (other.IsRandom && Comparison(other) == Comparison(row)))
            .Max(other => other.Std ?? 0);

    /// <summary>How far the autoencoders came, beside the loss of predicting the mean; says so when there was none.</summary>
    public static string Lede(BenchmarkReport report)
    {
        double[] losses = [.. report.Training
            .Where(stage => stage.Objective == Api.Objective.MaskedAutoencoding)
            .Select(stage => stage.FinalLoss)
            .Order()];
        string mean = $"predicting every patch's mean gives {ReportNumbers.Loss(LossOfTheMean)}";
        return losses switch
        {
            [] => "No masked autoencoding in this run.",
            [var loss] => $"Masked autoencoding ends at a loss of {ReportNumbers.Loss(loss)}; {mean}.",
            [var best, .., var worst] => $"Masked autoencoding ends at losses of {ReportNumbers.Loss(best)} to {ReportNumbers.Loss(worst)}; {mean}.",
        };
    }

    /// <summary>What the numbers of one comparison are.</summary>
    public static string Caption(BenchmarkReport report, IReadOnlyList<BenchmarkRow> rows)
    {
        string what = $"{Protocol(rows[0])} on {rows[0].Dataset}, top-1 in percent";
        string spread = string.Join(" or ", rows.Where(row => row.Std is not null).Select(row => row.SpreadOver).Distinct());
        string mean = spread.Length == 0 ? "" : $"; mean ± standard deviation over n {spread}";
        string clips = rows.SelectMany(row => row.Trials).Select(trial => trial.Samples).Distinct().ToList() is [var samples]
            ? $"; {ReportNumbers.Count(samples)} test clips"
            : "";
        return what + mean + clips + ChanceClause(Chance(report, rows[0].Dataset)) + ".";
    }

    /// <summary>One in the number of classes; null where that is not known.</summary>
    public static double? Chance(BenchmarkReport report, string dataset) =>
        report.Datasets.FirstOrDefault(known => known.Name == dataset)?.Classes is { } classes and > 0 ? 1.0 / classes : null;

    /// <summary>Rows that can be compared with each other, in the order of the manifests.</summary>
    public static IEnumerable<IReadOnlyList<BenchmarkRow>> Comparisons(BenchmarkReport report) =>
        report.Rows.GroupBy(Comparison).Select(group => (IReadOnlyList<BenchmarkRow>)group.ToList());

    public static double MeanTop5(BenchmarkRow row) => row.Trials.Average(trial => trial.Top5);

    /// <summary>What rows must share to be compared: a probe that trains its trunk is no probe of a frozen one.</summary>
    public static (string Dataset, Protocol Protocol, TrunkMode Trunk) Comparison(BenchmarkRow row) => (row.Dataset, row.Protocol, row.Trunk);

    public static string Protocol(BenchmarkRow row) => row switch
    {
        { Protocol: Api.Protocol.LinearProbe, Trunk: TrunkMode.Published } => "Linear probe (published: everything trained)",
        { Protocol: Api.Protocol.LinearProbe } => "Linear probe",
        _ => "Fine-tuning",
    };

    /// <summary>For a column: <c>LP (frozen)</c>, <c>LP (published)</c> or <c>FT</c>.</summary>
    public static string ShortProtocol(BenchmarkRow row) => row switch
    {
        { Protocol: Api.Protocol.LinearProbe, Trunk: TrunkMode.Published } => "LP (published)",
        { Protocol: Api.Protocol.LinearProbe } => "LP (frozen)",
        _ => "FT",
    };

    public static string Objective(Objective objective) => objective switch
    {
        Api.Objective.MaskedAutoencoding => "Masked autoencoding",
        Api.Objective.ActionClassification => "Action classification",
        _ => objective.ToString(),
    };

    public static string Humans(Humans humans) => humans switch
    {
        Api.Humans.None => "no humans",
        Api.Humans.Removed => "humans removed",
        Api.Humans.Synthetic => "synthetic humans",
        Api.Humans.Real => "real humans",
        _ => humans.ToString(),
    };

    private static string ChanceClause(double? chance) => chance is { } share ? $"; chance is {ReportNumbers.Percent(share)}" : "";
}
