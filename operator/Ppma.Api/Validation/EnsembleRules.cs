using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;
using Ppma.Api.Runs;

namespace Ppma.Api.Validation;

/// <summary>Several models made into one: which fit together, and where which method has a meaning.</summary>
internal static class EnsembleRules
{
    public static void Check(EnsembleWeights ensemble, string path, Manifest manifest, ManifestSet set, Findings findings)
    {
        var adaptive = ensemble.Method == EnsembleMethod.AdaptiveAverage;
        findings.Require(
            adaptive || !ensemble.ScorePerTensor, $"{path}.scorePerTensor", "has no meaning for the plain Average; use method: AdaptiveAverage, or leave it out");
        findings.Require(
            !adaptive || manifest.Resource is not PretrainRun, $"{path}.method",
            "AdaptiveAverage learns its scores together with a head, in an EvalRun with a preset such as adaptive-average-paper; use Average here");
        findings.Require(
            ensemble.Members.Count != 1 || ensemble.Members[0].FromRun is null, $"{path}.members",
            "has one run, which is no ensemble; name at least two models, or one published ensemble file (fromCheckpoint), which holds several");

        Objective? first = null;
        for (var i = 0; i < ensemble.Members.Count; i++)
        {
            var member = ensemble.Members[i];
            findings.Require(
                (member.FromRun is null) != (member.FromCheckpoint is null), $"{path}.members[{i}]",
                $"{(member.FromRun is null ? "names no source" : "has fromRun and fromCheckpoint")}; write exactly one of fromRun, fromCheckpoint");
            var objective = Trained(member, manifest, set);
            first ??= objective;
            findings.Require(
                objective is null || objective == first, $"{path}.members[{i}]",
                $"was trained for {objective} and the members before it for {first}; only weights of one objective have the same tensors to average");
        }
    }

    private static Objective? Trained(EnsembleMember member, Manifest manifest, ManifestSet set) => member switch
    {
        { FromCheckpoint: { } checkpoint } => checkpoint.Objective,
        { FromRun: { } source } when set.Find<PretrainRun>(manifest.Namespace, source.Name)?.Resource is PretrainRun run =>
            WeightsRules.StageOf(source, run)?.Objective,
        _ => null,
    };
}
