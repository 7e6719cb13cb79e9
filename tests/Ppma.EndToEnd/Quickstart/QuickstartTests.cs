using System.Globalization;
using System.Text;
using System.Text.Json;
using k8s;
using Ppma.Api.Evaluation;
using Ppma.Api.Runs;
using Ppma.EndToEnd.Lab;

namespace Ppma.EndToEnd.Quickstart;

/// <summary>The whole of examples/quickstart: three pre-trainings, five rows of three trials.</summary>
public sealed class QuickstartTests(Laboratory lab) : LabTest(lab)
{
    private const int TimeoutSeconds = 3600;

    private static readonly string[] Files = ["datasets.yaml", "pretraining.yaml", "evaluation.yaml"];

    [Fact]
    public async Task Quickstart_InTheCluster_GivesTheTableOfThisMachine()
    {
        var local = new LocalRun("quickstart", () => string.Join("\n---\n", Files.Select(QuickstartManifests.Read)));
        DateTime start = TimeProvider.System.GetUtcNow().UtcDateTime;
        foreach (string file in Files)
        {
            await Space.ApplyAsync(QuickstartManifests.ForCluster(QuickstartManifests.Read(file)));
        }

        await Space.Kubectl.RunAsync("wait", "videodatasets,pretrainruns,evalruns", "--all", "--for=condition=Ready", $"--timeout={TimeoutSeconds}s");
        TimeSpan time = TimeProvider.System.GetUtcNow() - start;
        IReadOnlyList<string> alerts = await Lab.Prometheus.FiredSinceAsync(start);

        IReadOnlyList<EvalRun> trials = await TrialsAsync();
        Lab.Results.Note(Table(trials));
        Assert.Equal(await LocalTrialsAsync(local), Trials(trials));
        await AssertLineageAsync(trials);
        Assert.Empty(alerts);
        Say(string.Create(CultureInfo.InvariantCulture, $"all {trials.Count} trials as on this machine, {time.TotalMinutes:0.0} min, no alert"));
    }

    /// <summary>Each trial's weights are those that its pre-training's status names, by digest.</summary>
    private async Task AssertLineageAsync(IReadOnlyList<EvalRun> trials)
    {
        foreach (EvalRun trial in trials)
        {
            if (trial.Spec.Weights?.FromRun is not { } weights)
            {
                continue;
            }

            RunStatus source = await Space.Pretrain(weights.Name).StatusAsync();
            StageStatus stage = source.Stages.LastOrDefault(stage => stage.Name == weights.Stage) ?? source.Stages[^1];
            string record = await Space.Eval(trial.Metadata.Name).ReadArtifactAsync("record.json");
            Assert.Contains(stage.Checkpoint!.Digest, record, StringComparison.Ordinal);
            Assert.Contains(Data.DigestOf("actions"), record, StringComparison.Ordinal);
        }
    }

    private async Task<IReadOnlyList<EvalRun>> TrialsAsync()
    {
        string json = await Space.Kubectl.RunAsync("get", "evalruns", "--output", "json");
        return [.. JsonDocument.Parse(json).RootElement.GetProperty("items").EnumerateArray().Select(item => KubernetesJson.Deserialize<EvalRun>(item.GetRawText()))];
    }

    private static string Trials(IEnumerable<EvalRun> trials) => Lines(trials.Select(trial =>
        (trial.Metadata.Name, trial.Status!.Result!.Top1, trial.Status.Result.Top5, trial.Status.Result.MeanClassAccuracy, trial.Status.Result.Samples)));

    private static async Task<string> LocalTrialsAsync(LocalRun local)
    {
        await local.RunAsync();
        JsonElement report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(local.Folder, "results.json"))).RootElement;
        return Lines(
            from row in report.GetProperty("rows").EnumerateArray()
            from trial in row.GetProperty("trials").EnumerateArray()
            select (trial.GetProperty("name").GetString()!, trial.GetProperty("top1").GetDouble(), trial.GetProperty("top5").GetDouble(),
                trial.GetProperty("meanClassAccuracy").GetDouble(), trial.GetProperty("samples").GetInt64()));
    }

    /// <summary>Every number with all its digits, a line for each trial.</summary>
    private static string Lines(IEnumerable<(string Name, double Top1, double Top5, double MeanClassAccuracy, long Samples)> trials) =>
        string.Join('\n', trials.OrderBy(trial => trial.Name, StringComparer.Ordinal)
            .Select(trial => string.Create(CultureInfo.InvariantCulture, $"{trial.Name}: {trial.Top1:R} {trial.Top5:R} {trial.MeanClassAccuracy:R} of {trial.Samples}")));

    private static string Table(IEnumerable<EvalRun> trials)
    {
        var table = new StringBuilder("\n| pre-training | top-1 % | top-5 % |\n|---|---|---|\n");
        foreach (IGrouping<string, EvalRun> row in trials.GroupBy(trial => trial.Metadata.Labels["ppma.cloud/row"]))
        {
            double[] top1 = [.. row.Select(trial => 100 * trial.Status!.Result!.Top1)];
            double mean = top1.Average();
            double deviation = Math.Sqrt(top1.Sum(value => (value - mean) * (value - mean)) / (top1.Length - 1));
            table.Append(CultureInfo.InvariantCulture, $"| {row.Key} | {mean:0.0} ± {deviation:0.0} | {row.Average(trial => 100 * trial.Status!.Result!.Top5):0.0} |\n");
        }

        return table.ToString();
    }
}
