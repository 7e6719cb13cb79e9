using Ppma.Api.Pretraining;
using Ppma.Api.Tasks;

namespace Ppma.Api.Resolution;

/// <summary>The clips that a stage is measured on.</summary>
/// <param name="context">Where things are looked up and problems go.</param>
/// <param name="datasets">The data sets that the run uses, by name; those of the stage are in it, and the validation set is added.</param>
internal sealed class ValidationResolver(ResolutionContext context, Dictionary<string, ResolutionContext.KnownDataset> datasets)
{
    /// <summary>The task's view of them, or null after saying why they do not fit.</summary>
    public ValidationSpec? Resolve(StageSpec stage, StageValidation measured, Func<double, int> stepsOf, string path)
    {
        if (context.Dataset(measured.Dataset!.Name, $"{path}.dataset.name") is not { } dataset)
        {
            return null;
        }

        datasets[dataset.Name] = dataset;
        if (stage.Objective == Objective.ActionClassification && UnknownClass(stage, dataset) is { } unknown)
        {
            context.Problem($"{path}.dataset.name", $"VideoDataset \"{dataset.Name}\" has the class \"{unknown}\", for which this stage learns no output");
            return null;
        }

        return context.Input(dataset, measured.Split, weight: 0, $"{path}.split") is { } input
            ? new() { Dataset = input, EverySteps = measured.EverySteps ?? stepsOf(measured.EveryEpochs ?? 1) }
            : null;
    }

    // Where names are not known, the worker finds out.
    private string? UnknownClass(StageSpec stage, ResolutionContext.KnownDataset validation)
    {
        var trained = stage.Datasets.Select(use => datasets[use.Name].Facts.Classes);
        if (stage.LabelSpace != LabelSpace.ByIndex && stage.Datasets.Select(use => datasets[use.Name]).Append(validation).Any(dataset => !dataset.Facts.ClassNamesKnown))
        {
            return null;
        }

        return stage.LabelSpace == LabelSpace.ByIndex
            ? validation.Facts.Classes.Skip(trained.Max(classes => classes.Count)).FirstOrDefault()
            : validation.Facts.Classes.Except(trained.SelectMany(classes => classes)).FirstOrDefault();
    }
}
