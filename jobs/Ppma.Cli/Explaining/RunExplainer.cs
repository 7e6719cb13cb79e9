using Ppma.Api;
using Ppma.Api.Evaluation;
using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;
using Ppma.Api.Recipes;
using Ppma.Api.Resolution;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;

namespace Ppma.Cli.Explaining;

/// <summary>
/// All runs of a set into explained tasks, by the resolution that runs them. What does not exist before a run has ended, its weights, is
/// stood in for: only digests depend on it.
/// </summary>
/// <param name="set">Valid manifests.</param>
/// <param name="settings">Where things lie.</param>
/// <param name="datasets">What is known of each data set, and from where.</param>
/// <param name="assumptions">Of the machine.</param>
internal sealed class RunExplainer(
    ManifestSet set,
    ResolutionSettings settings,
    IReadOnlyDictionary<ResourceKey, (DatasetFacts Facts, string Source)> datasets,
    CostAssumptions assumptions)
{
    private readonly RunResolver _resolver = new(set, settings);
    private readonly Dictionary<ResourceKey, DatasetFacts> _facts = datasets.ToDictionary(entry => entry.Key, entry => entry.Value.Facts);
    private readonly Dictionary<ResourceKey, RunFacts> _runs = [];

    /// <summary>What has to be changed before the runs can be explained.</summary>
    public List<ManifestProblem> Problems { get; } = [];

    public IReadOnlyList<ExplainedTask> Explain() => [.. RunOrder.Of(set).SelectMany(Explain)];

    private IEnumerable<ExplainedTask> Explain(Manifest run)
    {
        RunResolution resolution = _resolver.Resolve(run, new KnownFacts { Datasets = _facts, Runs = _runs });
        if (resolution.Run is not { } resolved)
        {
            Problems.AddRange(resolution.Problems);
            return [];
        }

        if (resolved.Privacy is not null)
        {
            _runs.Add(run.Key, Finished(resolved));
        }

        var explainer = new TaskExplainer(
            datasets.Where(entry => entry.Key.Namespace == run.Namespace).ToDictionary(entry => entry.Key.Name, entry => entry.Value), assumptions);
        return resolved.Tasks.Select((task, index) => run.Resource switch
        {
            PretrainRun pretrain => Explain(explainer, task.Spec, pretrain.Spec, index),
            var other => Explain(explainer, task.Spec, ((EvalRun)other).Spec),
        }).ToList();
    }

    private static ExplainedTask Explain(TaskExplainer explainer, TaskSpec task, PretrainRunSpec spec, int index)
    {
        StageSpec stage = spec.Stages[index];
        string weights = index > 0 ? $"stage {spec.Stages[index - 1].Name}" : Describe(spec.Weights);
        return explainer.Explain(task, RecipeCatalog.Stages[stage.Preset], stage, weights);
    }

    private static ExplainedTask Explain(TaskExplainer explainer, TaskSpec task, EvalRunSpec spec) =>
        explainer.Explain(task, RecipeCatalog.Evaluations[spec.Preset], spec, Describe(spec.Weights));

    private static string Describe(WeightsSpec? weights) => weights switch
    {
        { FromRun: { } run } => $"run {run.Name}{(run.Stage is null ? "" : $"/{run.Stage}")} ({run.Select}{(run.Step is { } step ? $" {step}" : "")})",
        { FromCheckpoint: { } checkpoint } => $"checkpoint {checkpoint.Uri}",
        { FromEnsemble: { } ensemble } => $"{ensemble.Method} of {ensemble.Members.Count} members",
        _ => "random",
    };

    private static RunFacts Finished(ResolvedRun run) => new()
    {
        Model = run.Tasks[0].Spec.PretrainStage!.Model,
        Privacy = run.Privacy!,
        Stages = [.. run.Tasks.Select(task => new StageFacts(
            task.Name, task.Spec.PretrainStage!.Objective, FileUris.Below(run.ArtifactsUri, task.Name), UnknownDigest.Text))],
    };
}

/// <summary>Stands for the digest of what does not exist yet.</summary>
internal static class UnknownDigest
{
    public static string Text { get; } = new('0', 64);
}
