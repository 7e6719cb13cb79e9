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
        var given = new (string Name, object? Value)[]
        {
            ("fromRun", weights.FromRun), ("fromCheckpoint", weights.FromCheckpoint),
            ("fromEnsemble", weights.FromEnsemble), ("random", weights.Random),
        };
        var names = given.Where(source => source.Value is not null).Select(source => source.Name).ToList();
        findings.Require(
            names.Count == 1, "spec.weights",
            $"{(names.Count == 0 ? "names no source" : $"has {string.Join(" and ", names)}")}; write exactly one of fromRun, fromCheckpoint, fromEnsemble, random: {{}}");

        if (weights.FromRun is { } source)
        {
            FromRun(source, manifest, set, findings);
        }

        if (weights.FromCheckpoint is { } checkpoint)
        {
            UriRules.Check(checkpoint.Uri, "spec.weights.fromCheckpoint.uri", findings);
        }
    }

    /// <summary>The runs that a chain of <c>fromRun</c> goes through, this one first; ends where the set or a cycle ends it.</summary>
    public static IReadOnlyList<PretrainRun> Ancestry(PretrainRun run, string @namespace, ManifestSet set)
    {
        var chain = new List<PretrainRun> { run };
        while (chain[^1].Spec.Weights?.FromRun is { } source
            && set.Find<PretrainRun>(@namespace, source.Name)?.Resource is PretrainRun next)
        {
            chain.Add(next);
            if (chain.IndexOf(next) < chain.Count - 1)
            {
                break;
            }
        }

        return chain;
    }

    private static void FromRun(RunWeights source, Manifest manifest, ManifestSet set, Findings findings)
    {
        const string Path = "spec.weights.fromRun";
        findings.Require(
            (source.Step is not null) == (source.Select == CheckpointSelection.Step), $"{Path}.step",
            "goes with select: Step, and only with it");

        if (source.Name.Length == 0)
        {
            return;
        }

        if (set.Find<PretrainRun>(manifest.Namespace, source.Name)?.Resource is not PretrainRun run)
        {
            var known = set.Manifests.Where(other => other.Resource is PretrainRun && other.Namespace == manifest.Namespace).Select(other => other.Name).ToList();
            findings.Add($"{Path}.name", $"there is no PretrainRun \"{source.Name}\" in namespace {manifest.Namespace} of these manifests{Spelling.Suggest(source.Name, known)}");
            return;
        }

        if (source.Stage is { Length: > 0 } stage && run.Spec.Stages.All(other => other.Name != stage))
        {
            findings.Add($"{Path}.stage", $"PretrainRun \"{source.Name}\" has no stage \"{stage}\"{Spelling.Suggest(stage, [.. run.Spec.Stages.Select(other => other.Name)])}");
        }

        if (manifest.Resource is not PretrainRun start)
        {
            return;
        }

        var ancestry = Ancestry(start, manifest.Namespace, set);
        if (ancestry.Count > 1 && ReferenceEquals(ancestry[^1], start))
        {
            findings.Add(
                $"{Path}.name",
                $"the runs start from each other: {string.Join(" → ", ancestry.Select(run => run.Metadata.Name))}; let one of them start from random: {{}}");
        }

        if (ModelPresets.All.ContainsKey(start.Spec.Model.Preset) && ModelPresets.All.ContainsKey(run.Spec.Model.Preset)
            && TrunkDifference(ModelPresets.Resolve(start.Spec.Model), ModelPresets.Resolve(run.Spec.Model)) is { } difference)
        {
            findings.Add("spec.model", $"does not fit the weights of PretrainRun \"{source.Name}\": {difference}");
        }
    }

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
