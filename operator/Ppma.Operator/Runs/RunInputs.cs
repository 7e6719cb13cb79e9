using Ppma.Api;
using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;
using Ppma.Api.Resolution;

namespace Ppma.Operator.Runs;

/// <summary>The other resources that a run names: what it waits for, and what wakes it.</summary>
internal static class RunInputs
{
    /// <summary>Every use of a VideoDataset: the field that names it, and the name.</summary>
    public static IEnumerable<(string Path, string Name)> Datasets(IResource run)
    {
        if (run is EvalRun eval)
        {
            return eval.Spec.Dataset is { } tested ? [("spec.dataset.name", tested.Name)] : [];
        }

        return run is PretrainRun pretrain ? Datasets(pretrain.Spec) : [];
    }

    /// <summary>Names of the data sets that a PretrainRun is measured on while it trains.</summary>
    public static IEnumerable<string> ValidationDatasets(IResource run) =>
        run is PretrainRun pretrain ? pretrain.Spec.Stages.Select(stage => stage.Validation?.Dataset?.Name).OfType<string>() : [];

    /// <summary>Every use of a PretrainRun.</summary>
    public static IReadOnlyList<RunReference> Runs(IResource run) => RunReferences.Of(run);

    private static IEnumerable<(string Path, string Name)> Datasets(PretrainRunSpec spec)
    {
        for (var i = 0; i < spec.Stages.Count; i++)
        {
            var stage = spec.Stages[i];
            for (var j = 0; j < stage.Datasets.Count; j++)
            {
                yield return ($"spec.stages[{i}].datasets[{j}].name", stage.Datasets[j].Name);
            }

            if (stage.Validation?.Dataset is { } measured)
            {
                yield return ($"spec.stages[{i}].validation.dataset.name", measured.Name);
            }
        }
    }
}
