using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;
using Ppma.Api.Recipes;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;

namespace Ppma.Api.Validation;

/// <summary>Where weights come from: exactly one source, and one that is in the set.</summary>
internal static class WeightsRules
{
    public static void Check(WeightsSpec weights, Manifest manifest, ManifestSet set, Findings findings)
    {
        const string Path = "spec.weights";
        var given = new (string Name, object? Value)[]
        {
            ("fromRun", weights.FromRun), ("fromCheckpoint", weights.FromCheckpoint),
            ("fromEnsemble", weights.FromEnsemble), ("random", weights.Random),
        };
        var names = given.Where(source => source.Value is not null).Select(source => source.Name).ToList();
        findings.Require(
            names.Count == 1, Path,
            $"{(names.Count == 0 ? "names no source" : $"has {string.Join(" and ", names)}")}; write exactly one of fromRun, fromCheckpoint, fromEnsemble, random: {{}}");

        if (weights.FromEnsemble is { } ensemble)
        {
            EnsembleRules.Check(ensemble, $"{Path}.fromEnsemble", manifest, set, findings);
        }

        foreach (var (field, source) in weights.Runs())
        {
            FromRun(source, $"{Path}.{field}", manifest, set, findings);
        }

        foreach (var (field, checkpoint) in weights.Checkpoints())
        {
            UriRules.Check(checkpoint.Uri, $"{Path}.{field}.uri", findings);
        }
    }

    private static void FromRun(RunWeights source, string path, Manifest manifest, ManifestSet set, Findings findings)
    {
        findings.Require(
            (source.Step is not null) == (source.Select == CheckpointSelection.Step), $"{path}.step",
            "goes with select: Step, and only with it");
        if (References.Run(source.Name, $"{path}.name", manifest, set, findings) is not { } run)
        {
            return;
        }

        if (source.Stage is { Length: > 0 } name && run.Spec.Stages.All(other => other.Name != name))
        {
            findings.Add($"{path}.stage", $"PretrainRun \"{source.Name}\" has no stage \"{name}\"{Spelling.Suggest(name, [.. run.Spec.Stages.Select(other => other.Name)])}");
        }
        else if (source.Select == CheckpointSelection.Best && StageOf(source, run) is { } stage)
        {
            findings.Require(
                run.Spec.Checkpoint.Best is not null && stage.Validation is not null, $"{path}.select",
                $"stage \"{stage.Name}\" of PretrainRun \"{source.Name}\" keeps no best checkpoint; give the run checkpoint.best and the stage a validation set, or use Last");
        }

        if (manifest.Resource is not PretrainRun start)
        {
            return;
        }

        References.NoCycle(run, $"{path}.name", manifest, set, findings);
        if (ModelPresets.All.ContainsKey(start.Spec.Model.Preset) && ModelPresets.All.ContainsKey(run.Spec.Model.Preset)
            && TrunkDifference(ModelPresets.Resolve(start.Spec.Model), ModelPresets.Resolve(run.Spec.Model)) is { } difference)
        {
            findings.Add("spec.model", $"does not fit the weights of PretrainRun \"{source.Name}\": {difference}");
        }
    }

    /// <summary>The stage whose weights are meant, or null where it has none of that name.</summary>
    internal static StageSpec? StageOf(RunWeights source, PretrainRun run) =>
        source.Stage is null ? run.Spec.Stages.LastOrDefault() : run.Spec.Stages.FirstOrDefault(stage => stage.Name == source.Stage);

    /// <summary>The first number in which two trunks differ, or null; decoders may differ.</summary>
    internal static string? TrunkDifference(ModelShape model, ModelShape weights)
    {
        foreach (var (field, here, there) in new[]
        {
            ("frames", model.Frames, weights.Frames), ("size", model.Size, weights.Size),
            ("patch[0]", model.Patch[0], weights.Patch[0]), ("patch[1]", model.Patch[1], weights.Patch[1]), ("patch[2]", model.Patch[2], weights.Patch[2]),
            ("dim", model.Dim, weights.Dim), ("depth", model.Depth, weights.Depth), ("heads", model.Heads, weights.Heads),
        })
        {
            if (here != there)
            {
                return $"{field} is {here} here and {there} there";
            }
        }

        return null;
    }
}
