using Ppma.Api.Evaluation;
using Ppma.Api.Recipes;
using Ppma.Api.Tasks;

namespace Ppma.Api.Resolution;

/// <summary>An EvalRun into its one task.</summary>
internal sealed class EvalResolver(ResolutionContext context, EvalRun run)
{
    private readonly EvalRunSpec _spec = run.Spec;

    public ResolvedRun? Resolve()
    {
        var recipe = RecipeCatalog.Evaluations[_spec.Preset];
        var weights = new WeightsResolver(context).Resolve(_spec.Weights);
        var dataset = context.Dataset(_spec.Dataset!.Name, "spec.dataset.name");
        var train = dataset is null ? null : context.Input(dataset, _spec.TrainSplit, 0, "spec.trainSplit");
        var test = dataset is null ? null : context.Input(dataset, _spec.TestSplit, 0, "spec.testSplit");
        var trunk = _spec.Trunk ?? TrunkMode.Frozen;
        var shell = context.Task(TaskKind.Evaluate, _spec) with { Precision = _spec.Precision ?? recipe.Precision };
        if (weights is null || train is null || test is null || context.Problems.Count > 0)
        {
            return null;
        }

        var task = shell with
        {
            Evaluate = new EvaluateTask
            {
                Protocol = recipe.Protocol,
                Trunk = trunk,
                Model = weights.Model ?? ModelPresets.Resolve(_spec.Model!),
                Clip = ClipOverrides.Apply(_spec.Clip, recipe.Clip),
                Train = train,
                Test = test,
                Weights = weights.Input,
                Augmentation = AugmentationOverrides.Apply(_spec.Augmentation, recipe.Augmentation),
                Optimization = RecipeResolution.Optimization(
                    recipe.For(trunk), _spec, viewsPerClip: 1, [dataset!.Facts.Samples[_spec.TrainSplit]]),
                ShuffleBlockBytes = _spec.ShuffleBlockBytes ?? recipe.ShuffleBlockBytes,
                RateCandidates = _spec.RateCandidates is { } rates ? [.. rates] : recipe.RateCandidates,
                HoldoutShare = _spec.HoldoutShare ?? recipe.HoldoutShare,
                TrainViews = _spec.TrainViews ?? recipe.TrainViews,
                TestClips = _spec.TestClips ?? recipe.TestClips,
                TestCrops = _spec.TestCrops ?? recipe.TestCrops,
            },
        };
        return context.Finish(_spec, [("evaluate", task with { InputDigest = InputDigest.Of(task, earlierStage: null) })], privacy: null);
    }
}
