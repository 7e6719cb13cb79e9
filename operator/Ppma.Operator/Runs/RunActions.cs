using k8s.Models;
using Ppma.Api.Conditions;
using Ppma.Controllers;
using Ppma.Controllers.Requests;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Runs;

/// <summary>Does what was decided, one request after the other, and says what came of it. A refusal is a fact; no answer is an exception, and tried again.</summary>
internal sealed class RunActions(RunResources resources, RunReader reader, RunJobs jobs, PodReview review)
{
    // A run that is first seen so late may be one whose end the cache has not heard of.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(60);

    /// <param name="action">What to do.</param>
    /// <param name="observation">What it was decided from.</param>
    /// <param name="readRun">Reads the run itself, past the cache; null when it is gone.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <returns>The observation with what came of it; null when it was decided from what is not so any more.</returns>
    public Task<RunObservation?> ApplyAsync(
        RunAction action, RunObservation observation, Func<CancellationToken, Task<V1ObjectMeta?>> readRun, CancellationToken cancellationToken) => action switch
        {
            RunAction.ReadTasks => ReadTasksAsync(observation, cancellationToken),
            RunAction.Freeze => ConfirmedAsync(observation, readRun, () => FreezeAsync(observation, cancellationToken), cancellationToken),
            RunAction.Probe => ProbeAsync(observation, cancellationToken),
            RunAction.CreateJob create => ConfirmedAsync(observation, readRun, () => CreateJobAsync(create, observation, cancellationToken), cancellationToken),
            RunAction.DeleteJob delete => DeleteJobAsync(delete, observation, cancellationToken),
            RunAction.DeleteTasks => DeleteTasksAsync(observation, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "No such action."),
        };

    // Nothing is created from a run that the API server has in another state: what is stale may have ended long ago.
    private static async Task<RunObservation?> ConfirmedAsync(
        RunObservation observation, Func<CancellationToken, Task<V1ObjectMeta?>> readRun, Func<Task<RunObservation?>> act, CancellationToken cancellationToken)
    {
        var run = observation.Run;
        var isFresh = run.Status.Stages.All(stage => stage.Attempt == 0)
            && run.Metadata.CreationTimestamp is { } created && observation.Now.UtcDateTime - created < Fresh;
        return isFresh || (await readRun(cancellationToken) is { } live && live.Uid == run.Uid && live.ResourceVersion == run.Metadata.ResourceVersion)
            ? await act()
            : null;
    }

    private async Task<RunObservation?> ReadTasksAsync(RunObservation observation, CancellationToken cancellationToken)
    {
        var (tasks, gone) = await reader.ReadTasksAsync(observation.Run, cancellationToken);
        if (tasks is not null)
        {
            reader.Remember(observation.Run, tasks);
        }

        return observation with { Tasks = tasks, TasksGone = gone };
    }

    private async Task<RunObservation?> FreezeAsync(RunObservation observation, CancellationToken cancellationToken)
    {
        var run = observation.Run;
        var tasks = TasksOf(run, observation.Admission!);
        var refusal = await review.RefuseAsync(jobs.Plan(run, tasks, run.Stages[0], attempt: 1), cancellationToken);
        if (refusal is not null)
        {
            return observation with { Refusal = refusal };
        }

        try
        {
            await resources.ConfigMaps.CreateAsync(tasks.ToConfigMap(run), cancellationToken);
        }
        catch (InvalidDataException tooLarge)
        {
            return observation with { Refusal = new(Reason.SpecInvalid, tooLarge.Message) };
        }
        catch (ApiException taken) when (taken.AlreadyExists)
        {
            // An earlier look's answer was lost: what is there is the truth, whatever changed since.
            var (found, gone) = await reader.ReadTasksAsync(run, cancellationToken);
            if (found is null)
            {
                return observation with { Refusal = new(Reason.NameTaken, $"{gone}; remove it, or rename the run") };
            }

            tasks = found;
        }
        catch (ApiException refused) when (Refusals.Of(refused) is { } why)
        {
            return observation with { Refusal = why };
        }

        reader.Remember(run, tasks);
        return observation with { Tasks = tasks };
    }

    private FrozenTasks TasksOf(RunView run, Admission admission) => new(
        jobs.ImageOf(run),
        admission.Run!,
        SpecChanges.Freeze(run.Resource),
        admission.Claims,
        admission.Warnings);

    private async Task<RunObservation?> ProbeAsync(RunObservation observation, CancellationToken cancellationToken)
    {
        var run = observation.Run;
        var plan = jobs.Probe(run);
        var refusal = await review.RefuseAsync(plan, cancellationToken);
        var isKnown = refusal is not null;
        if (refusal is null)
        {
            (refusal, isKnown) = await DryRunAsync(plan, cancellationToken);
        }

        // A refusal is asked about again with the next look: whoever mends its cause does not change the run.
        if (isKnown && refusal is null)
        {
            reader.RememberProbe(run);
        }

        return observation with { Probed = true, Refusal = refusal };
    }

    // Admission of the Job sees labels and shape; only the pod's own finds service account, priority class and privileges.
    private async Task<(Refusal? Refusal, bool IsKnown)> DryRunAsync(JobPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            await resources.Jobs.TryCreateAsync(plan.Job, cancellationToken);
            await resources.Pods.TryCreateAsync(plan.Pod(), cancellationToken);
            return (null, IsKnown: true);
        }
        catch (ApiException answer)
        {
            return (Refusals.OfDryRun(answer), IsKnown: !answer.Transient);
        }
    }

    private async Task<RunObservation?> CreateJobAsync(RunAction.CreateJob create, RunObservation observation, CancellationToken cancellationToken)
    {
        var run = observation.Run;
        var plan = jobs.Plan(run, observation.Tasks!, create.Stage, create.Attempt);
        if (await review.RefuseAsync(plan, cancellationToken) is { } notAllowed)
        {
            return observation with { Refusal = notAllowed };
        }

        try
        {
            return observation.With(create.Stage, create.Attempt, await resources.Jobs.CreateAsync(plan.Job, cancellationToken), []);
        }
        catch (ApiException taken) when (taken.AlreadyExists)
        {
            var found = await resources.Jobs.ReadAsync(ObjectKey.Of(plan.Job), cancellationToken);
            return found is null ? null
                : JobFacts.IsOwnedBy(found.Metadata, run.Uid) ? observation.With(create.Stage, create.Attempt, found, resources.Pods.OwnedBy(found.Metadata.Uid))
                : observation with
                {
                    Refusal = new(Reason.NameTaken, $"Job {ObjectKey.Of(found)}, which attempt {create.Attempt} of stage {create.Stage} needs, belongs to somebody else; remove it, or rename the run"),
                };
        }
        catch (ApiException refused) when (Refusals.Of(refused) is { } why)
        {
            return observation with { Refusal = why };
        }
    }

    private async Task<RunObservation?> DeleteJobAsync(RunAction.DeleteJob delete, RunObservation observation, CancellationToken cancellationToken)
    {
        await resources.Jobs.DeleteAsync(delete.Job, delete.Propagation, cancellationToken);
        return reader.WithoutJob(observation, delete.Job);
    }

    private async Task<RunObservation?> DeleteTasksAsync(RunObservation observation, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(observation.Run.Namespace, Names.Tasks(observation.Run.Identity));
        if (await resources.ConfigMaps.ReadAsync(key, cancellationToken) is { } map && JobFacts.IsOwnedBy(map.Metadata, observation.Run.Uid))
        {
            await resources.ConfigMaps.DeleteAsync(map, DeletePropagation.Background, cancellationToken);
        }

        return observation with { Tasks = null, TasksGone = "their time to live is over" };
    }
}
