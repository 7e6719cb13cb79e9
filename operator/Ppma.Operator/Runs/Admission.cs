using Ppma.Api.Conditions;
using Ppma.Api.Resolution;
using Ppma.Api.Runs;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Runs;

/// <summary>Whether a run may be frozen, and if not, what it waits for or what a person has to change.</summary>
/// <param name="Findings">SpecAccepted, DatasetsReady, WeightsReady and, for a PretrainRun, PrivacyGatePassed.</param>
/// <param name="Run">The resolved run; null unless every finding is True.</param>
/// <param name="Privacy">What the gate saw so far.</param>
/// <param name="Warnings">What a person should know although the run can start.</param>
/// <param name="Claims">The volumes that its files and those of the runs it starts from lie on.</param>
internal sealed record Admission(
    IReadOnlyList<Finding> Findings, ResolvedRun? Run, PrivacyStatus? Privacy, IReadOnlyList<string> Warnings, IReadOnlyList<MountedClaim> Claims)
{
    // What comes by itself: all else needs a person.
    private static readonly Reason[] Awaited =
        [Reason.DatasetMissing, Reason.DatasetNotReady, Reason.WeightsMissing, Reason.WeightsNotReady, Reason.Pending];

    public bool SpecAccepted => Findings.All(finding => finding.Type != ConditionType.SpecAccepted || finding.Status == ConditionStatus.True);

    /// <summary>What stands in the way, what a person has to change first.</summary>
    public Finding? Obstacle => Findings
        .Where(finding => finding.Status != ConditionStatus.True)
        .OrderBy(finding => IsAwaited(finding) ? 1 : 0)
        .FirstOrDefault();

    public static bool IsAwaited(Finding finding) => Awaited.Contains(finding.Reason);
}
