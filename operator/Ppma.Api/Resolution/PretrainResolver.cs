using Ppma.Api.Pretraining;
using Ppma.Api.Recipes;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.Api.Validation;

namespace Ppma.Api.Resolution;

/// <summary>A PretrainRun into one task a stage.</summary>
internal sealed class PretrainResolver(ResolutionContext context, PretrainRun run)
{
    private readonly PretrainRunSpec _spec = run.Spec;
    private readonly Dictionary<string, ResolutionContext.KnownDataset> _datasets = new(StringComparer.Ordinal);

    public ResolvedRun? Resolve()
    {
        var shell = context.Task(TaskKind.PretrainStage, _spec);
        var model = ModelPresets.Resolve(_spec.Model);
        var resumed = _spec.ResumeFrom is null ? null : ResumedRun.Find(context, _spec);
        var weights = resumed?.Weights ?? new WeightsResolver(context).Resolve(_spec.Weights);
        if (weights?.Model is { } source && WeightsRules.TrunkDifference(model, source) is { } difference)
        {
            context.Problem("spec.model", $"does not fit the weights it starts from: {difference}");
        }

        var tasks = new List<(string Name, TaskSpec Task)>();
        for (var i = 0; i < _spec.Stages.Count; i++)
        {
            var start = i > 0 ? Earlier(_spec.Stages[i - 1]) : weights?.Input;
            if (start is not null && Stage(shell, i, model, start) is { } task)
            {
                var earlier = i > 0 && tasks.Count > 0 ? tasks[^1].Task.InputDigest : null;
                tasks.Add((_spec.Stages[i].Name, task with { InputDigest = InputDigest.Of(task, earlier) }));
            }
        }

        var privacy = Gate(weights?.Privacy ?? []);
        if (context.Problems.Count == 0 && resumed is not null)
        {
            tasks = resumed.Continue(tasks);
        }

        return context.Problems.Count == 0 ? context.Finish(_spec, tasks, privacy) : null;
    }

    private static WeightsInput Earlier(StageSpec stage) => new()
    {
        Source = WeightsSource.Stage,
        Stage = stage.Name,
        IncludeNorm = WeightsResolver.HasNorm(stage.Objective),
    };

    private TaskSpec? Stage(TaskSpec shell, int index, ModelShape model, WeightsInput weights)
    {
        var stage = _spec.Stages[index];
        var path = $"spec.stages[{index}]";
        var recipe = RecipeCatalog.Stages[stage.Preset];
        var inputs = new List<DatasetInput>();
        var samples = new List<long>();
        var repeats = stage.Datasets.Any(use => use.Repeat > 1);
        for (var j = 0; j < stage.Datasets.Count; j++)
        {
            var use = stage.Datasets[j];
            if (context.Dataset(use.Name, $"{path}.datasets[{j}].name") is { } dataset)
            {
                _datasets[use.Name] = dataset;
                if (context.Input(dataset, use.Split, use.Weight ?? 0, $"{path}.datasets[{j}].split") is { } input)
                {
                    samples.Add(dataset.Facts.Samples[use.Split] * (use.Repeat ?? 1));
                    inputs.Add(repeats ? input with { Weight = samples[^1] } : input);
                }
            }
        }

        if (inputs.Count < stage.Datasets.Count)
        {
            return null;
        }

        var labelSpace = stage.LabelSpace ?? LabelSpace.ByName;
        WarnOfSharedOutputs(stage, labelSpace);
        var views = stage.ViewsPerClip ?? recipe.Optimization.ViewsPerClip;
        var optimization = RecipeResolution.Optimization(recipe, stage, views, samples);
        int StepsOf(double epochs) => RecipeResolution.Steps(epochs, optimization, samples);
        var validation = stage.Validation is { } measured ? new ValidationResolver(context, _datasets).Resolve(stage, measured, StepsOf, $"{path}.validation") : null;
        var reconstructionEpochs = stage.ReconstructionEveryEpochs ?? recipe.ReconstructionEveryEpochs;
        return shell with
        {
            Precision = _spec.Precision ?? recipe.Precision,
            Checkpoint = shell.Checkpoint with { Best = validation is null ? null : Best(stage) },
            PretrainStage = new PretrainStageTask
            {
                Name = stage.Name,
                Index = index,
                Objective = recipe.Objective,
                Model = model,
                Clip = ClipOverrides.Apply(stage.Clip, recipe.Clip),
                MaskRatio = stage.MaskRatio ?? recipe.MaskRatio,
                Datasets = inputs,
                LabelSpace = labelSpace,
                Augmentation = AugmentationOverrides.Apply(stage.Augmentation, recipe.Augmentation),
                Optimization = optimization,
                ShuffleBlockBytes = stage.ShuffleBlockBytes ?? recipe.ShuffleBlockBytes,
                Weights = weights,
                Validation = validation,
                ReconstructionEverySteps = reconstructionEpochs > 0 ? StepsOf(reconstructionEpochs) : 0,
                AllowRealHumans = _spec.Privacy.RealHumans == RealHumans.Allowed,
            },
        };
    }

    private BestPolicy? Best(StageSpec stage) =>
        _spec.Checkpoint.Best is { } best && stage.Objective is { } objective && ValidationMetrics.IsMeasured(best.Metric, objective)
            ? new() { Metric = best.Metric, Mode = best.Mode ?? ValidationMetrics.BetterEnd(best.Metric) }
            : null;

    private void WarnOfSharedOutputs(StageSpec stage, LabelSpace labelSpace)
    {
        if (stage.Objective != Objective.ActionClassification || labelSpace != LabelSpace.ByIndex)
        {
            return;
        }

        var first = _datasets[stage.Datasets[0].Name];
        foreach (var other in stage.Datasets.Skip(1).Select(use => _datasets[use.Name]))
        {
            if (!first.Facts.Classes.SequenceEqual(other.Facts.Classes))
            {
                context.Warn(
                    $"stage \"{stage.Name}\" of PretrainRun \"{context.Run.Name}\": with labelSpace: ByIndex one output stands for different classes of \"{first.Name}\" and \"{other.Name}\"");
            }
        }
    }

    private PrivacyStatus Gate(IReadOnlyList<PrivacyInput> weights)
    {
        var status = PrivacyGate.Decide(
            _spec.Privacy.RealHumans,
            _datasets.Values.Select(dataset => (dataset.Name, dataset.Spec, dataset.Facts.Digest)),
            weights,
            context.Settings.TrustOnFirstUse);
        foreach (var input in status.Inputs)
        {
            if (input.Reason is { } reason)
            {
                context.Problem(weights.Contains(input) ? _spec.ResumeFrom is null ? "spec.weights" : "spec.resumeFrom" : Path(input.Name), reason);
            }
            else if (input is { TrustedOnFirstUse: true, Kind: Datasets.VideoDataset.KindName } && status.Decision == PrivacyDecision.Passed)
            {
                context.Warn(
                    $"VideoDataset \"{input.Name}\": {input.AttestedBy} attests no exact bytes (TrustOnFirstUse); this run takes those found, indexDigest {input.Digest}");
            }
        }

        return status;
    }

    private string Path(string dataset)
    {
        for (var i = 0; i < _spec.Stages.Count; i++)
        {
            var j = _spec.Stages[i].Datasets.ToList().FindIndex(use => use.Name == dataset);
            if (j >= 0)
            {
                return $"spec.stages[{i}].datasets[{j}].name";
            }

            if (_spec.Stages[i].Validation?.Dataset?.Name == dataset)
            {
                return $"spec.stages[{i}].validation.dataset.name";
            }
        }

        return "spec.stages";
    }
}
