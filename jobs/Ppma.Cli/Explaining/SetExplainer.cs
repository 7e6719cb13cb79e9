using Ppma.Api;
using Ppma.Api.Datasets;
using Ppma.Api.Evaluation;
using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;
using Ppma.Api.Recipes;
using Ppma.Api.Resolution;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.Cli.Running;

namespace Ppma.Cli.Explaining;

/// <summary>
/// A valid set of manifests into explained tasks, by the resolution that runs them. Data is looked at only where a manifest does not say
/// what to expect of it.
/// </summary>
/// <param name="set">Valid manifests.</param>
/// <param name="reader">Reads data sets.</param>
/// <param name="settings">Where things lie.</param>
/// <param name="assumptions">Of the machine.</param>
internal sealed class SetExplainer(ManifestSet set, DatasetReader reader, ResolutionSettings settings, CostAssumptions assumptions)
{
    /// <summary>What has to be changed before the runs can be explained.</summary>
    public List<ManifestProblem> Problems { get; } = [];

    /// <returns>A task a stage and an evaluation, in the order in which they can run; none where there are problems.</returns>
    public async Task<IReadOnlyList<ExplainedTask>> ExplainAsync(CancellationToken cancellationToken)
    {
        (Dictionary<ResourceKey, DatasetFacts> read, List<ManifestProblem> unread) =
            await reader.ReadAsync(RunPlanner.UsedDatasets(set).Where(dataset => !IsExpected(dataset)), cancellationToken);
        Problems.AddRange(unread.Select(problem => problem with
        {
            Message = $"{problem.Message} To explain without the data, write spec.expected: its samples by split, and its classes.",
        }));
        if (Problems.Count > 0)
        {
            return [];
        }

        Forecast forecast = Forecast.Of(set, settings, read);
        Problems.AddRange(forecast.Runs.SelectMany(run => run.Resolution.Problems));
        return Problems.Count > 0 ? [] : [.. forecast.Runs.SelectMany(run => Explain(run, forecast, read))];
    }

    private static bool IsExpected(Manifest dataset) => ((VideoDataset)dataset.Resource).Spec.Expected is { Samples: not null, Classes: not null };

    private IEnumerable<ExplainedTask> Explain(RunForecast run, Forecast forecast, Dictionary<ResourceKey, DatasetFacts> read)
    {
        var datasets = forecast.Datasets.Where(entry => entry.Key.Namespace == run.Run.Namespace)
            .ToDictionary(entry => entry.Key.Name, entry => (entry.Value, read.ContainsKey(entry.Key) ? "counted in its index" : "as its manifest expects"));
        var explainer = new TaskExplainer(datasets, assumptions);
        return run.Resolution.Run!.Tasks.Select((task, index) => run.Run.Resource switch
        {
            PretrainRun pretrain => Explain(explainer, task.Spec, pretrain.Spec, index),
            var other => Explain(explainer, task.Spec, ((EvalRun)other).Spec),
        });
    }

    private static ExplainedTask Explain(TaskExplainer explainer, TaskSpec task, PretrainRunSpec spec, int index)
    {
        StageSpec stage = spec.Stages[index];
        StageRecipe recipe = RecipeCatalog.Stages[stage.Preset];
        string weights = index > 0 ? $"stage {spec.Stages[index - 1].Name}" : Describe(spec.Weights);
        IReadOnlyList<RecipeOverride> overrides = RecipeOverride.Of(stage, recipe);
        return explainer.Explain(task, recipe, stage, weights) with
        {
            // Precision is said once for the run and belongs to the preset of each stage.
            Overrides = task.Precision == recipe.Precision ? overrides : [.. overrides, new("precision", $"{task.Precision}", $"{recipe.Precision}")],
        };
    }

    private static ExplainedTask Explain(TaskExplainer explainer, TaskSpec task, EvalRunSpec spec) =>
        explainer.Explain(task, RecipeCatalog.Evaluations[spec.Preset], spec, Describe(spec.Weights));

    private static string Describe(WeightsSpec? weights) => weights switch
    {
        { FromRun: { } run } => Describe(run),
        { FromCheckpoint: { } checkpoint } => Describe(checkpoint),
        { FromEnsemble: { } ensemble } => $"{ensemble.Method} of {string.Join(" and ", ensemble.Members.Select(member => member.FromRun is { } run ? Describe(run) : Describe(member.FromCheckpoint!)))}",
        _ => "random",
    };

    private static string Describe(RunWeights run) =>
        $"run {run.Name}{(run.Stage is null ? "" : $"/{run.Stage}")} ({run.Select}{(run.Step is { } step ? $" {step}" : "")})";

    private static string Describe(CheckpointWeights checkpoint) => $"checkpoint {checkpoint.Uri}";
}
