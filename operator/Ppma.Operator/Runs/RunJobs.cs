using System.Collections.Concurrent;
using Ppma.Api.Conditions;
using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.Controllers;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Runs;

/// <summary>The Jobs of a run.</summary>
internal sealed class RunJobs(RunResources resources, RunOptions options, PodSettings settings, TimeProvider time)
{
    private static readonly TimeSpan BelieveAccounts = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<ObjectKey, DateTimeOffset> _allowed = [];

    /// <summary>The Job of an attempt: of the frozen spec, so that neither an edit nor an upgrade changes anything under a run.</summary>
    public JobPlan Plan(RunView run, FrozenTasks tasks, string stage, int attempt) =>
        Plan(run, SpecChanges.Thaw(run, tasks.Spec).Settings.Compute, tasks.Image, tasks.Task(stage).Spec, tasks.Claims, stage, attempt);

    /// <summary>The first Job of a run whose task is not known yet, to ask what the API server would say to it.</summary>
    public JobPlan Probe(RunView run) => Plan(
        run, run.Settings.Compute, ImageOf(run), new TaskSpec
        {
            Kind = TaskKind.VerifyDataset,
            Run = run.Identity,
            InputDigest = "",
            ArtifactsUri = run.Settings.Artifacts!.Uri,
            ArtifactsCredentials = run.Settings.Artifacts.Credentials?.Secret?.Reference,
        },
        run.Settings.Artifacts is { Volume.PersistentVolumeClaim.Name: { } claim, Uri: var uri } ? [new(claim, uri, ReadOnly: false)] : [],
        run.Stages[0], attempt: 1);

    /// <summary>The image that a run is frozen with.</summary>
    public string ImageOf(RunView run) => run.Settings.Compute.Image is { Length: > 0 } image ? image : options.WorkerImage;

    /// <summary>What the operator's own rules have against a pod; null when nothing.</summary>
    public async Task<Refusal?> RefuseAsync(JobPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Problems.Count > 0)
        {
            return new(Reason.SpecInvalid, AdmissionRules.Message([.. plan.Problems]));
        }

        var allowed = plan.ServiceAccountToAsk is { } name && await AllowsRunsAsync(new(plan.Request.Run.Namespace, name), cancellationToken);
        var problems = PodRules.Check(plan, settings.PolicyOf(plan.Request.Run.Namespace), allowed);
        return problems.Count == 0 ? null : new(Reason.PodNotAllowed, AdmissionRules.Message([.. problems]));
    }

    // Many runs act as one account; who takes the annotation away waits so long.
    private async Task<bool> AllowsRunsAsync(ObjectKey account, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_allowed.TryGetValue(account, out var since) && now - since < BelieveAccounts)
        {
            return true;
        }

        var found = await resources.ServiceAccounts.ReadAsync(account, cancellationToken);
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

    private JobPlan Plan(
        RunView run, ComputeSettings compute, string image, TaskSpec task, IReadOnlyList<MountedClaim> claims, string stage, int attempt) => JobBuilder.Build(
            new JobRequest
            {
                Run = run.Identity,
                Stage = stage,
                Attempt = attempt,
                Task = task,
                Image = image,
                Compute = compute,
                Claims = claims,
                OwnerLabels = run.Metadata.Labels ?? new Dictionary<string, string>(),
            },
            settings);
}
