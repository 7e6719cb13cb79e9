using Ppma.Api.Conditions;
using Ppma.Api.Datasets;
using Ppma.Api.Pretraining;
using Ppma.Api.Resolution;
using Ppma.Api.Runs;

namespace Ppma.Operator.Runs;

/// <summary>The privacy gate of a PretrainRun over what is known so far; it refuses as soon as anything is refused, and passes when everything is known.</summary>
internal static class PrivacyFindings
{
    // The kind of an input that is no resource.
    private const string Checkpoint = "Checkpoint";

    /// <returns>Nothing for an EvalRun: what is measured on may show humans.</returns>
    public static (Finding? Finding, PrivacyStatus? Status) Of(AdmissionInput input)
    {
        if (input.Run.Resource is not PretrainRun { Spec: var spec })
        {
            return (null, null);
        }

        if (spec.Privacy.RealHumans == RealHumans.Allowed)
        {
            return input.Options.RulesOutRealHumans(input.Run.Namespace)
                ? (Not(Reason.RealHumansRuledOut, $"spec.privacy.realHumans: Allowed is ruled out in namespace {input.Run.Namespace} by the operator's settings; write Forbidden in a new run, or ask who runs the cluster."), null)
                : (Finding.True(ConditionType.PrivacyGatePassed, Reason.PrivacyNotClaimed, "Real humans are allowed: nothing was checked and nothing is claimed."), null);
        }

        var names = RunInputs.Datasets(input.Run.Resource).Select(use => use.Name).Distinct(StringComparer.Ordinal).ToList();
        var known = names
            .Where(name => input.Datasets.TryGetValue(name, out var dataset) && DatasetFacts.Of(dataset) is not null)
            .Select(name => (Name: name, input.Datasets[name].Spec, DatasetFacts.Of(input.Datasets[name])!.Digest));
        var (weights, complete) = Weights(spec, input);
        var status = PrivacyGate.Decide(RealHumans.Forbidden, known, weights, trustOnFirstUse: false);
        if (status.Inputs.FirstOrDefault(one => one.Reason is not null) is { } refused)
        {
            return (Not(ReasonFor(refused, input), refused.Kind == Checkpoint ? $"{refused.Name}: {refused.Reason}" : refused.Reason!), status);
        }

        return complete && names.All(name => input.Datasets.TryGetValue(name, out var dataset) && AdmissionRules.IsReady(dataset))
            ? (Finding.True(ConditionType.PrivacyGatePassed, Reason.PrivacyGatePassed, $"Every input is attested to show no real human: {string.Join(", ", status.Inputs.Select(Attested))}."), status)
            : (Finding.Unknown(ConditionType.PrivacyGatePassed, Reason.Pending, "Decided when all data sets and weights are there."), null);
    }

    private static (IReadOnlyList<PrivacyInput> Inputs, bool Complete) Weights(PretrainRunSpec spec, AdmissionInput input)
    {
        var inputs = new List<PrivacyInput>();
        var complete = true;
        foreach (var (_, checkpoint) in spec.Weights?.Checkpoints() ?? [])
        {
            inputs.Add(PrivacyGate.FromCheckpoint(checkpoint.Uri, checkpoint.Sha256));
        }

        foreach (var use in RunInputs.Runs(input.Run.Resource))
        {
            // The digest of the file that is taken is put in when the run is resolved; what its run was let through for is known before.
            if (input.Runs.TryGetValue(use.Name, out var source) && source.Status?.Privacy is { } privacy)
            {
                inputs.Add(PrivacyGate.FromRun(use.Name, source.Status.InputDigest ?? "", privacy));
            }
            else
            {
                complete = false;
            }
        }

        return (inputs, complete);
    }

    private static Reason ReasonFor(PrivacyInput refused, AdmissionInput input) => refused.Kind switch
    {
        Checkpoint => Reason.WeightsProvenanceUnknown,
        VideoDataset.KindName => input.Datasets[refused.Name].Spec switch
        {
            { Humans: null or Ppma.Api.Humans.Real } => Reason.PrivacyGateRefused,
            { Attestation: null } => Reason.AttestationMissing,
            _ when refused.TrustedOnFirstUse => Reason.AttestationNotPinned,
            _ => Reason.AttestationMismatch,
        },
        _ => Reason.PrivacyGateRefused,
    };

    private static string Attested(PrivacyInput input) => input.AttestedBy is { } by ? $"{input.Name} (attested by {by})" : input.Name;

    private static Finding Not(Reason reason, string message) => Finding.False(ConditionType.PrivacyGatePassed, reason, message);
}
