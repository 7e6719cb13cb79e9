using Ppma.Api.Datasets;
using Ppma.Api.Evaluation;
using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;

namespace Ppma.Api.Validation;

/// <summary>Everything that can be known about manifests without looking at data: every problem at once.</summary>
public static class ManifestValidator
{
    /// <returns>Problems by file, document and field, those of reading included; empty when the set is good.</returns>
    public static IReadOnlyList<ManifestProblem> Validate(ManifestSet set)
    {
        List<ManifestProblem> problems = [.. set.Problems, .. set.Manifests.SelectMany(manifest => Validate(set, manifest))];

        // Stable: within a document in the order they were found.
        return [.. problems.OrderBy(problem => problem.File, StringComparer.Ordinal).ThenBy(problem => problem.Document)];
    }

    /// <summary>What is wrong with one manifest of a set, beside how it was read.</summary>
    public static IReadOnlyList<ManifestProblem> Validate(ManifestSet set, Manifest manifest)
    {
        var findings = new Findings(manifest);
        MetadataRules.Check(manifest, set, findings);
        Constraints.Check(manifest.Resource, "", findings);
        switch (manifest.Resource)
        {
            case VideoDataset dataset:
                VideoDatasetRules.Check(dataset.Spec, findings);
                break;

            case PretrainRun run:
                PretrainRunRules.Check(run, manifest, set, findings);
                break;

            case EvalRun run:
                EvalRunRules.Check(run, manifest, set, findings);
                break;
        }

        return findings.Problems;
    }
}
