using System.Text.Json.Nodes;
using k8s;

namespace Ppma.Operator.Pods;

/// <summary>
/// What a run's pod may not be, checked on the pod as it will be created: overrides are merged first, so that nothing gets in by a way
/// that was not thought of.
/// </summary>
internal static class PodRules
{
    /// <param name="plan">The Job.</param>
    /// <param name="policy">Of its namespace.</param>
    /// <param name="serviceAccountAllowsRuns">
    /// Whether <see cref="JobPlan.ServiceAccountToAsk"/> is there and annotated <see cref="Labels.AllowRuns"/> <c>"true"</c>; not asked where that is null.
    /// </param>
    /// <returns>Every problem at once, each <c>field of the pod: cause and fix</c>; empty when the Job may be created.</returns>
    public static IReadOnlyList<string> Check(JobPlan plan, PodPolicy policy, bool serviceAccountAllowsRuns)
    {
        var fields = JsonNode.Parse(KubernetesJson.Serialize(plan.Template))!.AsObject();
        return
        [
            .. OwnershipRules.Check(plan),
            .. IdentityRules.Check(plan, fields, serviceAccountAllowsRuns),
            .. policy == PodPolicy.Restricted ? [.. RestrictedProfile.Check(plan.Template), .. KnownFields.Check(fields)] : (string[])[],
        ];
    }
}
