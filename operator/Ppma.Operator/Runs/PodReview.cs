using System.Collections.Concurrent;
using k8s.Models;
using Ppma.Api.Conditions;
using Ppma.Controllers;
using Ppma.Controllers.Requests;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Runs;

/// <summary>Holds the operator's own rules against a Job before it is created, a run's or a data set's.</summary>
internal sealed class PodReview(IResources<V1ServiceAccount> accounts, PodSettings settings, TimeProvider time)
{
    private static readonly TimeSpan BelieveAccounts = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<ObjectKey, DateTimeOffset> _allowed = [];

    /// <summary>What the rules have against a pod; null when nothing.</summary>
    public async Task<Refusal?> RefuseAsync(JobPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Problems.Count > 0)
        {
            return new(Reason.SpecInvalid, AdmissionRules.Message([.. plan.Problems]));
        }

        var @namespace = plan.Request.Run.Namespace;
        var allowed = plan.ServiceAccountToAsk is { } name && await AllowsRunsAsync(new(@namespace, name), cancellationToken);
        var problems = PodRules.Check(plan, settings.PolicyOf(@namespace), allowed);
        return problems.Count == 0 ? null : new(Reason.PodNotAllowed, AdmissionRules.Message([.. problems]));
    }

    // Many pods act as one account; who takes the annotation away waits so long.
    private async Task<bool> AllowsRunsAsync(ObjectKey account, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_allowed.TryGetValue(account, out var since) && now - since < BelieveAccounts)
        {
            return true;
        }

        var found = await accounts.ReadAsync(account, cancellationToken);
        var allows = found?.Metadata.Annotations?.TryGetValue(Labels.AllowRuns, out var answer) == true && answer == "true";
        if (allows)
        {
            _allowed[account] = now;
        }
        else
        {
            _allowed.TryRemove(account, out _);
        }

        return allows;
    }
}
