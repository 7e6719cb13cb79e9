using Ppma.Api.Runs;
using Ppma.Api.Tasks;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Runs;

/// <summary>The Jobs of a run.</summary>
internal sealed class RunJobs(RunOptions options, PodSettings settings)
{
    /// <summary>The Job of an attempt: of the frozen spec, so that neither an edit nor an upgrade changes anything under a run.</summary>
    public JobPlan Plan(RunView run, FrozenTasks tasks, string stage, int attempt) =>
        Plan(run, SpecChanges.Thaw(run, tasks.Spec).Settings.Compute, tasks.Image, tasks.Task(stage).Spec, tasks.Claims, stage, attempt, taskIsKnown: true);

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
        run.Stages[0], attempt: 1, taskIsKnown: false);

    /// <summary>The image that a run is frozen with.</summary>
    public string ImageOf(RunView run) => run.Settings.Compute.Image is { Length: > 0 } image ? image : options.WorkerImage;

    private JobPlan Plan(
        RunView run, ComputeSettings compute, string image, TaskSpec task, IReadOnlyList<MountedClaim> claims, string stage, int attempt, bool taskIsKnown) => JobBuilder.Build(
            new JobRequest
            {
                Run = run.Identity,
                Stage = stage,
                Attempt = attempt,
                Task = task,
                TaskIsKnown = taskIsKnown,
                Image = image,
                Compute = compute,
                Claims = claims,
                OwnerLabels = run.Metadata.Labels ?? new Dictionary<string, string>(),
            },
            settings);
}
