using Ppma.Api.Datasets;
using Ppma.Api.Evaluation;
using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;
using Ppma.Api.Tasks;

namespace Ppma.Api.Validation;

/// <summary>What a stage is measured on while it trains, and the checkpoint that this chooses.</summary>
internal static class ValidationRules
{
    public static void Check(StageSpec stage, string path, Manifest manifest, ManifestSet set, Findings findings)
    {
        if (stage.Validation is not { Dataset: { } dataset } validation)
        {
            return;
        }

        References.Dataset(dataset.Name, $"{path}.dataset.name", manifest, set, findings);
        findings.Require(
            validation.EveryEpochs is null || validation.EverySteps is null, $"{path}.everyEpochs", "stands beside everySteps; keep one of them");
        findings.Require(
            stage.Datasets.All(use => !Same(use.Name, use.Split, dataset.Name, validation.Split, manifest, set)), $"{path}.split",
            $"\"{validation.Split}\" of VideoDataset \"{dataset.Name}\" trains in this stage; measure on clips that it never sees");

        var test = set.Manifests.FirstOrDefault(other =>
            other.Namespace == manifest.Namespace && other.Resource is EvalRun { Spec: { Dataset: { } tested } trial }
            && Same(tested.Name, trial.TestSplit, dataset.Name, validation.Split, manifest, set));
        findings.Require(
            test is null, $"{path}.split",
            $"EvalRun \"{test?.Name}\" tests on \"{validation.Split}\" of VideoDataset \"{dataset.Name}\"; what chooses a checkpoint cannot judge it: hold out a split of its own");
    }

    public static void Best(PretrainRunSpec spec, Findings findings)
    {
        const string Path = "spec.checkpoint.best";
        if (spec.Checkpoint.Best is not { } best)
        {
            return;
        }

        if (!ValidationMetrics.All.Contains(best.Metric))
        {
            if (best.Metric.Length > 0)
            {
                findings.Add($"{Path}.metric", $"\"{best.Metric}\" is not known{Spelling.Suggest(best.Metric, [.. ValidationMetrics.All])}");
            }

            return;
        }

        findings.Require(
            best.Mode is null || best.Mode == ValidationMetrics.BetterEnd(best.Metric), $"{Path}.mode",
            $"{best.Mode} would keep the worst {best.Metric}; leave it out");
        var validated = spec.Stages.Where(stage => stage.Validation is not null).ToList();
        findings.Require(validated.Count > 0, Path, "needs a stage with a validation set; give one to a stage (spec.stages[].validation), or leave it out: the last checkpoint counts");
        findings.Require(
            validated.Count == 0 || validated.Any(stage => stage.Objective is not { } objective || ValidationMetrics.IsMeasured(best.Metric, objective)),
            $"{Path}.metric", $"\"{best.Metric}\" is not measured in MaskedAutoencoding, the objective of every stage with a validation set; use {ValidationMetrics.Loss}");
    }

    // Two VideoDatasets may be two names of one place.
    private static bool Same(string name, string split, string otherName, string otherSplit, Manifest manifest, ManifestSet set) =>
        split == otherSplit && (name == otherName || (Uri(name, manifest, set) is { } uri && uri == Uri(otherName, manifest, set)));

    private static string? Uri(string name, Manifest manifest, ManifestSet set) =>
        (set.Find<VideoDataset>(manifest.Namespace, name)?.Resource as VideoDataset)?.Spec.Uri.TrimEnd('/');
}
